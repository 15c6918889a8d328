import type { DateOrder, RowFault } from "@sworn/contract";
import { Temporal } from "temporal-polyfill";

export interface TimeRules {
  /** IANA zone of times that say none. */
  readonly zone: string;
  readonly dateOrder: DateOrder;
}
export type ReadTime = { readonly ok: true; readonly at: Date } | { readonly ok: false; readonly fault: RowFault };

const no = (fault: RowFault): ReadTime => ({ ok: false, fault });
const clock = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?)?`;
const zone = String.raw`\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Za-z][A-Za-z_/+-]{1,40}\d?)?$`;
const yearFirst = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${clock}${zone}`, "iu");
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})${clock}${zone}`, "iu");

/**
 * A time as systems write it: 2026-11-20 21:04, 11/20/2026 9:04 PM, 20.11.2026 21:04:11, with or without an offset or
 * an IANA zone. Points are days first, as they are wherever they are used; slashes as the rules say.
 */
export function readTime(text: string, rules: TimeRules): ReadTime {
  const first = yearFirst.exec(text);
  const last = first === null ? yearLast.exec(text) : null;
  if (first === null && last === null) return no("time-unreadable");
  let year, month, day: number;
  let rest: readonly (string | undefined)[];
  if (first !== null) {
    [year, month, day] = [Number(first[1]), Number(first[2]), Number(first[3])];
    rest = first.slice(4);
  } else {
    const [a, b] = [Number(last?.[1]), Number(last?.[3])];
    [month, day] = last?.[2] === "." || rules.dateOrder === "dmy" ? [b, a] : [a, b];
    year = Number(last?.[4]);
    rest = last?.slice(5) ?? [];
  }
  const [hours, minute, second, fraction, half, where] = rest;
  // A day alone is no time: a call that began "on the 20th" would match the whole night.
  if (hours === undefined || year < 1900 || year > 2199) return no("time-unreadable");
  const hour = twentyFour(Number(hours), half?.toLowerCase());
  if (hour === null) return no("time-unreadable");
  let plain: Temporal.PlainDateTime;
  try {
    const millisecond = Number((fraction ?? "").slice(0, 3).padEnd(3, "0"));
    const parts = { year, month, day, hour, minute: Number(minute), second: Number(second ?? 0), millisecond };
    plain = Temporal.PlainDateTime.from(parts, { overflow: "reject" });
  } catch {
    return no("time-unreadable");
  }
  return settle(plain, where === undefined ? rules.zone : zoneOf(where));
}

function twentyFour(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === "pm" ? 12 : 0);
}

/** An offset or an IANA name; EST and its like are of several places, and null. */
function zoneOf(text: string): string | null {
  if (/^(Z|UTC|GMT)$/iu.test(text)) return "UTC";
  const offset = /^([+-]\d{2}):?(\d{2})$/u.exec(text);
  if (offset !== null) return `${offset[1] ?? ""}:${offset[2] ?? ""}`;
  return text.includes("/") && isZone(text) ? text : null;
}

export function isZone(text: string): boolean {
  try {
    return text !== "" && new Temporal.ZonedDateTime(0n, text).timeZoneId !== "";
  } catch {
    return false;
  }
}

function settle(plain: Temporal.PlainDateTime, zoneName: string | null): ReadTime {
  if (zoneName === null) return no("zone-unknown");
  try {
    const [early, late] = (["earlier", "later"] as const).map((disambiguation) =>
      plain.toZonedDateTime(zoneName, { disambiguation }),
    );
    if (early === undefined || late === undefined) return no("time-unreadable");
    if (!early.toPlainDateTime().equals(plain)) return no("time-absent");
    if (early.epochMilliseconds !== late.epochMilliseconds) return no("time-ambiguous");
    return { ok: true, at: new Date(early.epochMilliseconds) };
  } catch {
    return no("zone-unknown");
  }
}

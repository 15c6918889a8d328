import { EvidenceFilter } from "@sworn/contract";
import type { EvidenceQuery } from "@sworn/sdk";
import { valuesOf, type LibrarySearch } from "./search.ts";

export type LibraryFilter = Omit<EvidenceQuery, "next" | "limit">;

export const spans = ["today", "7d", "30d"] as const;
export type Span = (typeof spans)[number];
const daysBack: Readonly<Record<Span, number>> = { today: 0, "7d": 6, "30d": 29 };
export const spanOf = (text: string | undefined): Span | undefined => spans.find((span) => span === text);

/** "2026-11-20": the day that it is now in the agency's zone. */
export function dayIn(zone: string, now = new Date()): string {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(now);
}

export function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

const lists = ["is", "unit", "category", "person", "device", "kind", "state"] as const;
const single = ["from", "to", "minSeconds", "maxSeconds", "bbox", "near", "area", "incident", "share"] as const;

/** Only what the contract knows is asked for: an address may have been typed by hand. */
export function filterOf(search: LibrarySearch, today: string): LibraryFilter {
  const span = spanOf(search.when);
  const given: Record<string, unknown> = {
    ...(search.q === undefined ? {} : { q: search.q.slice(0, 200) }),
    ...(span === undefined ? {} : { from: daysBefore(today, daysBack[span]) }),
  };
  for (const field of lists) {
    const known = knownValues(field, search[field]);
    if (known.length > 0) given[field] = known;
  }
  for (const field of single) {
    const value = EvidenceFilter.shape[field].safeParse(search[field]);
    if (value.success && value.data !== undefined) given[field] ??= value.data;
  }
  return given;
}

/** The values of a list that the contract knows, at most as many as it takes. */
export function knownValues(field: (typeof lists)[number], list: string | undefined): readonly string[] {
  const known = valuesOf(list).filter((value) => EvidenceFilter.shape[field].safeParse([value]).success);
  return [...new Set(known)].slice(0, 50);
}

/** The same day so many months on; the month's last day where it has no such day. */
export function monthsAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

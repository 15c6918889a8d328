import { locale } from "../../words/index.ts";

/** Every time on a screen is in the agency's zone; the zone's short name stands once, near it. */
export interface Moments {
  readonly zone: string;
  /** "20 Nov 2026 21:03:58" */
  readonly full: (instant: string) => string;
  /** "21:03:58.120" */
  readonly clock: (instant: string, millis?: boolean) => string;
  /** "20 Nov 2026" */
  readonly day: (instant: string) => string;
  /** "EST", for the day of that instant. */
  readonly zoneName: (instant?: string) => string;
}

export function momentsIn(zone: string): Moments {
  const safe = knownZone(zone);
  const day = new Intl.DateTimeFormat(locale(), { timeZone: safe, day: "numeric", month: "short", year: "numeric" });
  const clock = new Intl.DateTimeFormat(locale(), {
    timeZone: safe,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  });
  const name = new Intl.DateTimeFormat("en-US", { timeZone: safe, timeZoneName: "short" });
  const at = (instant: string): Date => new Date(instant);
  const clockOf = (instant: string, millis = false): string => {
    const text = clock.format(at(instant));
    return millis ? text : text.slice(0, 8);
  };
  return {
    zone: safe,
    full: (instant) => `${day.format(at(instant))} ${clockOf(instant)}`,
    clock: clockOf,
    day: (instant) => day.format(at(instant)),
    zoneName: (instant) =>
      name.formatToParts(instant === undefined ? new Date() : at(instant)).find((part) => part.type === "timeZoneName")
        ?.value ?? safe,
  };
}

/** A zone that this browser does not know must not break every screen. */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

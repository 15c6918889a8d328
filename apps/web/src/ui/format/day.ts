import { locale } from "../../words/index.ts";

/** A calendar day, which has no zone: "2027-02-18" → "18 Feb 2027". */
export function formatDay(day: string): string {
  const days = new Intl.DateTimeFormat(locale(), {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return days.format(new Date(`${day}T00:00:00Z`));
}

/** The calendar day it is in a zone, so many days from now: "2027-02-18". */
export function dayIn(zone: string, daysFromNow = 0, now = Date.now()): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(now + daysFromNow * 86_400_000);
}

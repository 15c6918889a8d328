/** What a clock on the wall of this zone showed: "2026-11-20T21:04", as a date and time field takes it. */
export function toLocal(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
  return parts.replace(" ", "T");
}

/** The instant at which it showed that; null for what is no time. In the hour that comes twice, the first. */
export function fromLocal(local: string, zone: string): string | null {
  // Browsers make a time of much else, of nothing even.
  const [minute] = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.exec(local) ?? [];
  const asUtc = minute === undefined ? Number.NaN : Date.parse(`${minute}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (ms: number): number => Date.parse(`${toLocal(new Date(ms).toISOString(), zone)}:00Z`) - ms;
  const first = asUtc - offsetAt(asUtc - 86_400_000);
  const ms = first + offsetAt(first) === asUtc ? first : asUtc - offsetAt(asUtc + 86_400_000);
  return new Date(ms).toISOString();
}

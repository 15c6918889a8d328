/** The last second of a calendar day in a zone, as an instant. */
export function endOfDay(day: string, zone: string): string {
  const wanted = Date.parse(`${day}T23:59:59.000Z`);
  // Twice: the first step may land on the other side of a change of the clocks.
  let at = wanted;
  for (let step = 0; step < 2; step += 1) at -= shownAs(at, zone) - wanted;
  return new Date(at).toISOString();
}

/** What a wall clock of the zone shows at this instant, read as if it were UTC. */
function shownAs(at: number, zone: string): number {
  // Swedish writes dates and times as ISO 8601 does.
  const text = new Date(at).toLocaleString("sv-SE", { timeZone: zone });
  return Date.parse(`${text.replace(" ", "T")}.000Z`);
}

import type { Fix } from "@sworn/contract";

/** As many as recordings take: a day of ten a second. */
export const MAX_FIXES = 864_000;

export interface TrackFacts {
  readonly fixes: number;
  readonly fromAt: Date | null;
  readonly toAt: Date | null;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface Bounds {
  add(fix: Pick<Fix, "lat" | "lon" | "at">): void;
  facts(): TrackFacts;
}

/** One fix after the other: a long track has more of them than a call may have arguments, or memory should hold. */
export function startBounds(): Bounds {
  let fixes = 0;
  let [west, south, east, north] = [180, 90, -180, -90];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  return {
    add({ lat, lon, at }) {
      fixes += 1;
      [west, east] = [Math.min(west, lon), Math.max(east, lon)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
      const time = at === null ? Number.NaN : Date.parse(at);
      if (!Number.isNaN(time)) [from, to] = [Math.min(from, time), Math.max(to, time)];
    },
    facts: () => ({
      fixes,
      fromAt: from <= to ? new Date(from) : null,
      toAt: from <= to ? new Date(to) : null,
      west,
      south,
      east,
      north,
    }),
  };
}

export function boundsOf(fixes: Iterable<Fix>): TrackFacts {
  const bounds = startBounds();
  for (const fix of fixes) bounds.add(fix);
  return bounds.facts();
}

/** A track file: JSON Lines, one fix per line, in pieces of about a thousand lines. */
export function* linesOf(fixes: Iterable<Fix>): Generator<Uint8Array<ArrayBuffer>> {
  let lines: string[] = [];
  for (const fix of fixes) {
    lines.push(JSON.stringify(fix));
    if (lines.length < 1000) continue;
    yield new TextEncoder().encode(`${lines.join("\n")}\n`);
    lines = [];
  }
  if (lines.length > 0) yield new TextEncoder().encode(`${lines.join("\n")}\n`);
}

import type { TrackFeature } from "@sworn/contract";
import type { Part } from "../stage/parts.ts";

/** One fix on the page's time line. */
export interface Fix {
  /** Seconds on the time line. */
  readonly time: number;
  readonly lon: number;
  readonly lat: number;
  /** m/s, as the source says, or worked out from its neighbours where it does not. */
  readonly speed: number | null;
  readonly course: number | null;
  readonly accuracy: number | null;
  readonly satellites: number | null;
  readonly take: number;
}

const earth = 6_371_008.8;
const rad = Math.PI / 180;

/** Metres between two points on the sphere; good to 0.5 %, which is below any receiver's error here. */
export function distance(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const lat = (b.lat - a.lat) * rad;
  const lon = (b.lon - a.lon) * rad;
  const h = Math.sin(lat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(lon / 2) ** 2;
  return 2 * earth * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Fixes of all parts in time order, on the time line. */
export function fixesOf(tracks: readonly TrackFeature[], parts: readonly Part[]): readonly Fix[] {
  const fixes = tracks.flatMap((track) => {
    const part = parts.find((candidate) => candidate.take === track.properties.take);
    const { offsetsMs, speeds, courses, accuracies, satellites } = track.properties;
    return track.geometry.coordinates.flatMap(([lon, lat], index): Fix[] => {
      const offset = offsetsMs[index];
      if (lon === undefined || lat === undefined || offset === undefined) return [];
      return [
        {
          time: (part?.start ?? 0) + offset / 1000,
          lon,
          lat,
          speed: speeds[index] ?? null,
          course: courses[index] ?? null,
          accuracy: accuracies[index] ?? null,
          satellites: satellites[index] ?? null,
          take: track.properties.take,
        },
      ];
    });
  });
  return fixes.sort((a, b) => a.time - b.time);
}

/** Index of the last fix at or before a time; -1 before the first. Binary search: hours of fixes, every frame. */
export function indexAt(fixes: readonly Fix[], time: number): number {
  let low = 0;
  let high = fixes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fixes[middle]?.time ?? Number.POSITIVE_INFINITY) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Longest silence across which a position is drawn as a straight line, in seconds. */
const longestBridge = 5;

/** Where the camera was. Between two fixes a straight line; beyond them, or across a silence, nothing is invented. */
export function positionAt(fixes: readonly Fix[], time: number): Fix | null {
  const index = indexAt(fixes, time);
  const before = fixes[index];
  const after = fixes[index + 1];
  if (before === undefined) return after !== undefined && after.time - time <= 1 ? after : null;
  if (after === undefined || after.take !== before.take) return time - before.time <= longestBridge ? before : null;
  const gap = after.time - before.time;
  if (gap > longestBridge) return time - before.time <= 1 ? before : null;
  const share = gap === 0 ? 0 : (time - before.time) / gap;
  return {
    ...before,
    time,
    lon: before.lon + (after.lon - before.lon) * share,
    lat: before.lat + (after.lat - before.lat) * share,
    speed:
      before.speed === null || after.speed === null
        ? before.speed
        : before.speed + (after.speed - before.speed) * share,
  };
}

/** Length of the path in metres, parts and silences not bridged. */
export function pathLength(fixes: readonly Fix[]): number {
  let metres = 0;
  for (const [index, fix] of fixes.entries()) {
    const before = fixes[index - 1];
    if (before !== undefined && before.take === fix.take && fix.time - before.time <= longestBridge)
      metres += distance(before, fix);
  }
  return metres;
}

export type Bounds = [west: number, south: number, east: number, north: number];

/** Box around the path, never smaller than `least` metres, so that standing still does not zoom into noise. */
export function boundsOf(fixes: readonly Fix[], least = 30): Bounds | null {
  const first = fixes[0];
  if (first === undefined) return null;
  let [west, south, east, north] = [first.lon, first.lat, first.lon, first.lat];
  for (const fix of fixes) {
    west = Math.min(west, fix.lon);
    east = Math.max(east, fix.lon);
    south = Math.min(south, fix.lat);
    north = Math.max(north, fix.lat);
  }
  const lat = least / 2 / (earth * rad);
  const lon = lat / Math.max(0.01, Math.cos(((south + north) / 2) * rad));
  const middle = { lon: (west + east) / 2, lat: (south + north) / 2 };
  return [
    Math.min(west, middle.lon - lon),
    Math.min(south, middle.lat - lat),
    Math.max(east, middle.lon + lon),
    Math.max(north, middle.lat + lat),
  ];
}

/** At most `most` fixes for drawing, first and last kept; the data itself stays whole. */
export function thin(fixes: readonly Fix[], most: number): readonly Fix[] {
  if (fixes.length <= most) return fixes;
  const step = (fixes.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => fixes[Math.round(index * step)]).filter((fix) => fix !== undefined);
}

/** A ring of `metres` around a point, for the accuracy. */
export function ring(centre: { lon: number; lat: number }, metres: number): [number, number][] {
  const lat = metres / (earth * rad);
  const lon = lat / Math.max(0.01, Math.cos(centre.lat * rad));
  return Array.from({ length: 49 }, (_, index) => {
    const angle = (index / 48) * 2 * Math.PI;
    return [centre.lon + lon * Math.cos(angle), centre.lat + lat * Math.sin(angle)];
  });
}

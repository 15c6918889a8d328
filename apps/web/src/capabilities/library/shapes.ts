import type { Position } from "geojson";
import type { LibrarySearch } from "./search.ts";

export const shapes = ["bbox", "near", "area"] as const;
export type Shape = (typeof shapes)[number];
export type Point = readonly [lon: number, lat: number];

const metresPerDegree = 111_195;
const short = (degrees: number): string => String(Number(degrees.toFixed(5)));

export function metresBetween([aLon, aLat]: Point, [bLon, bLat]: Point): number {
  const narrow = Math.cos((((aLat + bLat) / 2) * Math.PI) / 180);
  return Math.hypot((aLon - bLon) * narrow, aLat - bLat) * metresPerDegree;
}

/** How many clicks make the shape; a polygon is finished by hand. */
export const isWhole = (shape: Shape, points: readonly Point[]): boolean =>
  shape === "area" ? points.length >= 40 : points.length >= 2;

/** What the address holds of a drawn shape; null while there is too little of it. */
export function addressOfShape(shape: Shape, points: readonly Point[]): string | null {
  const [a, b] = points;
  if (shape === "area")
    return points.length < 3 ? null : points.map(([lon, lat]) => `${short(lon)},${short(lat)}`).join();
  if (a === undefined || b === undefined) return null;
  if (shape === "near") return `${short(a[0])},${short(a[1])},${Math.max(1, Math.round(metresBetween(a, b)))}`;
  const [west, east] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [south, north] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  return [west, south, east, north].map(short).join();
}

/** Corners to draw: of what the address holds, or of what has been clicked so far. */
export function ringOf(shape: Shape, text: string): Position[] {
  const values = text.split(",").map(Number);
  if (values.some((value) => !Number.isFinite(value))) return [];
  const [a = 0, b = 0, c = 0, d = 0] = values;
  if (shape === "bbox")
    return [
      [a, b],
      [c, b],
      [c, d],
      [a, d],
      [a, b],
    ];
  if (shape === "near")
    return Array.from({ length: 49 }, (_, n) => {
      const angle = (n / 48) * 2 * Math.PI;
      const reach = c / metresPerDegree;
      return [
        a + (Math.sin(angle) * reach) / Math.max(0.01, Math.cos((b * Math.PI) / 180)),
        b + Math.cos(angle) * reach,
      ];
    });
  const corners = Array.from({ length: Math.floor(values.length / 2) }, (_, n) => [
    values[2 * n] ?? 0,
    values[2 * n + 1] ?? 0,
  ]);
  return corners[0] === undefined ? [] : [...corners, corners[0]];
}

/** Every drawn place of an address, as rings. */
export function ringsOf(search: LibrarySearch): Position[][] {
  return shapes.flatMap((shape) => {
    const text = search[shape];
    return text === undefined ? [] : [ringOf(shape, text)];
  });
}

import { type EvidenceFilter, Problem } from "@sworn/contract";
import { type RawBuilder, sql } from "kysely";

/**
 * More matches of a text or a place than this are not looked at; the newest are. One more than totals add up, so that totals
 * say that there is more.
 */
export const MOST_MATCHES = 10_001;

const CORNERS = 24;
type Point = readonly [lon: number, lat: number];

/** Ids of items whose track's box touches what was drawn: a box, a circle or a polygon. Null where nothing was. */
export function placeOf({ bbox, near, area }: EvidenceFilter): RawBuilder<unknown> | null {
  const drawn = [
    ...(bbox === undefined ? [] : [findBox(bbox)]),
    ...(near === undefined ? [] : [findPolygon(circle(near))]),
    ...(area === undefined ? [] : [findPolygon(corners(area))]),
  ];
  return drawn.length === 0 ? null : sql.join(drawn, sql` intersect `);
}

function findBox(bbox: string): RawBuilder<unknown> {
  const [west = 0, south = 0, east = 0, north = 0] = bbox.split(",").map(Number);
  if (south > north || Math.abs(south) > 90 || Math.abs(north) > 90 || Math.abs(west) > 180 || Math.abs(east) > 180)
    throw new Problem("request-malformed", "The place is west, south, east, north in degrees.");
  const find = (from: number, to: number): RawBuilder<unknown> =>
    findPolygon([
      [from, south],
      [to, south],
      [to, north],
      [from, north],
    ]);
  // Over the date line it is two boxes.
  return west <= east ? find(west, east) : sql`(${find(west, 180)} union ${find(-180, east)})`;
}

function findPolygon(points: readonly Point[]): RawBuilder<unknown> {
  const text = `(${points.map(([lon, lat]) => `(${lon},${lat})`).join(",")})`;
  return sql`select sworn.find_area(${text}::polygon, ${MOST_MATCHES})`;
}

/** A circle as a polygon of its tangents, so that nothing inside the circle is left out. */
function circle(near: string): Point[] {
  const [lon = 0, lat = 0, metres = 0] = near.split(",").map(Number);
  assertOnEarth([lon, lat]);
  if (metres <= 0 || metres > 1_000_000)
    throw new Problem("request-malformed", "The distance is up to 1000 km, and more than nothing.");
  const reach = metres / Math.cos(Math.PI / CORNERS) / 111_195;
  const narrow = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return Array.from({ length: CORNERS }, (_, n): Point => {
    const angle = (n * 2 * Math.PI) / CORNERS;
    const [x, y] = [lon + (Math.sin(angle) * reach) / narrow, lat + Math.cos(angle) * reach];
    return [Math.max(-180, Math.min(180, x)), Math.max(-90, Math.min(90, y))];
  });
}

function corners(area: string): Point[] {
  const values = area.split(",").map(Number);
  const points = Array.from({ length: values.length / 2 }, (_, n): Point => [
    values[2 * n] ?? Number.NaN,
    values[2 * n + 1] ?? Number.NaN,
  ]);
  for (const point of points) assertOnEarth(point);
  return points;
}

function assertOnEarth([lon, lat]: Point): void {
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return;
  throw new Problem("request-malformed", "A place is a longitude up to 180° and a latitude up to 90°.");
}

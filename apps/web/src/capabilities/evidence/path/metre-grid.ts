import type { Feature, LineString } from "geojson";

const metresPerDegree = 111_195;

/** 1, 2, 5, 10 … so that people can count squares. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const rest = least / power;
  return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
}

/**
 * Without streets a walk of 50 m would float on an empty sheet: a grid of whole metres, anchored where the path
 * begins, gives it a measure. Beyond 200 km squares lose their shape, and degrees take over.
 */
export function gridLines(
  view: { west: number; south: number; east: number; north: number; metresPerPixel: number },
  anchor: { lon: number; lat: number },
): { lines: Feature<LineString, { major: boolean }>[]; metres: number } {
  const metres = niceStep(view.metresPerPixel * 48);
  const degrees = metres > 200_000;
  const lat = degrees ? niceDegrees(metres) : metres / metresPerDegree;
  const lon = degrees ? lat : lat / Math.max(0.02, Math.cos(anchor.lat * (Math.PI / 180)));
  const origin = degrees ? { lon: 0, lat: 0 } : anchor;
  const lines: Feature<LineString, { major: boolean }>[] = [];
  const add = (coordinates: [number, number][], count: number): void => {
    lines.push({
      type: "Feature",
      properties: { major: count % 5 === 0 },
      geometry: { type: "LineString", coordinates },
    });
  };
  const first = Math.ceil((view.west - origin.lon) / lon);
  const last = Math.min(first + 200, Math.floor((view.east - origin.lon) / lon));
  for (let k = first; k <= last; k += 1)
    add(
      [
        [origin.lon + k * lon, view.south],
        [origin.lon + k * lon, view.north],
      ],
      k,
    );
  const low = Math.ceil((view.south - origin.lat) / lat);
  const high = Math.min(low + 200, Math.floor((view.north - origin.lat) / lat));
  for (let k = low; k <= high; k += 1)
    add(
      [
        [view.west, origin.lat + k * lat],
        [view.east, origin.lat + k * lat],
      ],
      k,
    );
  return { lines, metres: degrees ? 0 : metres };
}

function niceDegrees(metres: number): number {
  return [1, 2, 5, 10, 15, 30].find((step) => step * metresPerDegree >= metres) ?? 30;
}

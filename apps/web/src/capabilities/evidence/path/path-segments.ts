import type { Feature, LineString } from "geojson";
import type { Fix } from "./geometry.ts";
import { speedColour } from "./speed-colour.ts";

/** One short line per pair of fixes, coloured by speed; nothing is drawn across parts or long silences. */
export function pathSegments(fixes: readonly Fix[]): Feature<LineString, { colour: string }>[] {
  const usual = usualGap(fixes);
  return fixes.flatMap((fix, index) => {
    const before = fixes[index - 1];
    if (before === undefined || before.take !== fix.take || fix.time - before.time > Math.max(5, usual * 4)) return [];
    const line: Feature<LineString, { colour: string }> = {
      type: "Feature",
      properties: { colour: speedColour(fix.speed ?? before.speed) },
      geometry: {
        type: "LineString",
        coordinates: [
          [before.lon, before.lat],
          [fix.lon, fix.lat],
        ],
      },
    };
    return [line];
  });
}

function usualGap(fixes: readonly Fix[]): number {
  const first = fixes[0];
  const last = fixes.at(-1);
  return first === undefined || last === undefined || fixes.length < 2
    ? 1
    : (last.time - first.time) / (fixes.length - 1);
}

import { setImmediate as breathe } from "node:timers/promises";
import { Fix, TrackFeature } from "@sworn/contract";

// Between so many lines other requests get their turn: a day of positions takes seconds to read.
const LINES_AT_ONCE = 1000;

/** Reads a track file (JSON Lines of fixes) into the GeoJSON that maps draw; arrays run in step with the coordinates. */
export async function toFeature(
  lines: AsyncIterable<string>,
  about: { take: number; source: string; sha256: string },
): Promise<TrackFeature> {
  const coordinates: number[][] = [];
  const [times, offsetsMs, speeds, courses, accuracies, satellites]: [
    (string | null)[],
    number[],
    ...(number | null)[][],
  ] = [[], [], [], [], [], []];
  const constellations = new Set<string>();
  const methods = new Set<string>();
  for await (const line of lines) {
    const fix = Fix.parse(JSON.parse(line));
    coordinates.push(fix.alt === null ? [fix.lon, fix.lat] : [fix.lon, fix.lat, fix.alt]);
    times.push(fix.at);
    offsetsMs.push(fix.offsetMs);
    speeds?.push(fix.speed);
    courses?.push(fix.course);
    accuracies?.push(fix.accuracy);
    satellites?.push(fix.satellites);
    for (const name of fix.constellations) constellations.add(name);
    methods.add(fix.method);
    if (offsetsMs.length % LINES_AT_ONCE === 0) await breathe();
  }
  return {
    type: "Feature",
    geometry: { type: "LineString", coordinates },
    properties: {
      take: about.take,
      source: TrackFeature.shape.properties.shape.source.parse(about.source),
      times,
      offsetsMs,
      speeds: speeds ?? [],
      courses: courses ?? [],
      accuracies: accuracies ?? [],
      satellites: satellites ?? [],
      constellations: [...constellations].toSorted(),
      method: [...methods].toSorted().join(", "),
      sha256: about.sha256,
    },
  };
}

/** Lines of a byte stream, whatever pieces it comes in. */
export async function* linesFrom(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

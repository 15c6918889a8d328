import { type Box, BoxReader, oneBox, readBoxes } from "../fmp4/read-boxes.ts";
import { Fmp4Error } from "../fmp4/fmp4-error.ts";
import type { MovieTrack } from "./read-movie.ts";

/** Where one sample lies in the file and on the time line. */
export interface MovieSample {
  readonly offset: number;
  readonly size: number;
  readonly startMs: number;
  readonly durationMs: number;
}

/**
 * Every sample of a track, in order (ISO/IEC 14496-12, 8.6 and 8.7). Counts are the file's word: more than `maxSamples`
 * is refused before anything is built (`too-many-samples`), so that four bytes cannot ask for gigabytes.
 */
export function readSamples(moov: Uint8Array, track: MovieTrack, maxSamples: number): MovieSample[] {
  const boxes = readBoxes(moov, track.table.body, track.table.end);
  const sizes = readSizes(moov, oneBox(boxes, "stsz"), maxSamples);
  const durations = readDurations(moov, oneBox(boxes, "stts"), sizes.length);
  const chunks = readChunkOffsets(moov, boxes, maxSamples);
  const perChunk = readRuns(moov, oneBox(boxes, "stsc"), maxSamples);
  const samples: MovieSample[] = [];
  let time = 0;
  let run = 0;
  for (let chunk = 0; chunk < chunks.length && samples.length < sizes.length; chunk++) {
    while (run + 1 < perChunk.length && (perChunk[run + 1]?.first ?? Infinity) <= chunk + 1) run += 1;
    let offset = chunks[chunk] ?? 0;
    for (let k = 0; k < (perChunk[run]?.count ?? 0) && samples.length < sizes.length; k++) {
      const size = sizes[samples.length] ?? 0;
      const duration = durations[samples.length] ?? 0;
      const toMs = 1000 / track.timescale;
      samples.push({ offset, size, startMs: time * toMs, durationMs: duration * toMs });
      offset += size;
      time += duration;
    }
  }
  if (samples.length < sizes.length) throw new Fmp4Error("track-invalid", "the chunks do not hold every sample");
  return samples;
}

function counted(reader: BoxReader, entryBytes: number, max: number): number {
  const count = reader.u32();
  if (count > max) throw new Fmp4Error("too-many-samples", `${count} entries, at most ${max} are read`);
  if (count * entryBytes > reader.left) throw new Fmp4Error("box-truncated", "a table is shorter than it says");
  return count;
}

function readSizes(moov: Uint8Array, box: Box, max: number): number[] {
  const reader = new BoxReader(moov, box);
  reader.full();
  const same = reader.u32();
  const count = counted(reader, same === 0 ? 4 : 0, max);
  return Array.from({ length: count }, () => (same === 0 ? reader.u32() : same));
}

function readDurations(moov: Uint8Array, box: Box, samples: number): number[] {
  const reader = new BoxReader(moov, box);
  reader.full();
  const durations: number[] = [];
  for (let left = counted(reader, 8, samples); left > 0; left--) {
    const [count, duration] = [reader.u32(), reader.u32()];
    for (let i = 0; i < count && durations.length < samples; i++) durations.push(duration);
  }
  return durations;
}

function readChunkOffsets(moov: Uint8Array, boxes: readonly Box[], max: number): number[] {
  const large = boxes.find((box) => box.type === "co64");
  const reader = new BoxReader(moov, large ?? oneBox(boxes, "stco"));
  reader.full();
  const count = counted(reader, large === undefined ? 4 : 8, max);
  return Array.from({ length: count }, () => (large === undefined ? reader.u32() : reader.u64()));
}

function readRuns(moov: Uint8Array, box: Box, max: number): { first: number; count: number }[] {
  const reader = new BoxReader(moov, box);
  reader.full();
  return Array.from({ length: counted(reader, 12, max) }, () => {
    const run = { first: reader.u32(), count: reader.u32() };
    reader.skip(4);
    return run;
  });
}

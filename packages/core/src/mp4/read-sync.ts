import { Fmp4Error } from "../fmp4/fmp4-error.ts";
import { type Box, BoxReader, oneBox, readBoxes } from "../fmp4/read-boxes.ts";
import type { MovieTrack } from "./read-movie.ts";

/** Numbers (from 0, rising) of the samples that need no other to be decoded (`stss`); null: every one. */
export function readSyncSamples(moov: Uint8Array, track: MovieTrack, maxSamples: number): number[] | null {
  const box = readBoxes(moov, track.table.body, track.table.end).find(({ type }) => type === "stss");
  if (box === undefined) return null;
  const reader = new BoxReader(moov, box);
  reader.full();
  const count = countOf(reader, 4, maxSamples);
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) {
    const number = reader.u32() - 1;
    // Out of order or twice: the tables contradict themselves, and no choice from them would be even.
    if (number < 0 || number <= (numbers.at(-1) ?? -1)) throw new Fmp4Error("track-invalid", "key frames out of order");
    numbers.push(number);
  }
  return numbers;
}

/**
 * When a player shows these samples, in ms from the start of its own clock: decode time plus composition offset, moved
 * by the first edit (ISO/IEC 14496-12, 8.6.1.3 and 8.6.6). Later edits are not followed.
 */
export function readPictureTimes(
  moov: Uint8Array,
  track: MovieTrack,
  chosen: readonly { readonly number: number; readonly startMs: number }[],
  maxSamples: number,
): number[] {
  const shiftMs = readEditMs(moov, track);
  const offsets = readOffsets(moov, track, maxSamples);
  return chosen.map(({ number, startMs }) =>
    Math.max(0, Math.round(startMs + (offsets(number) * 1000) / track.timescale + shiftMs)),
  );
}

/** Answers the composition offset of a sample in ticks; asked for rising numbers. */
function readOffsets(moov: Uint8Array, track: MovieTrack, maxSamples: number): (number: number) => number {
  const box = readBoxes(moov, track.table.body, track.table.end).find(({ type }) => type === "ctts");
  if (box === undefined) return () => 0;
  const reader = new BoxReader(moov, box);
  reader.full();
  let left = countOf(reader, 8, maxSamples);
  let end = 0;
  let offset = 0;
  return (number) => {
    for (; end <= number && left > 0; left--) {
      end += reader.u32();
      offset = reader.i32();
    }
    return end > number ? offset : 0;
  };
}

function readEditMs(moov: Uint8Array, track: MovieTrack): number {
  const edts = readBoxes(moov, track.trak.body, track.trak.end).find(({ type }) => type === "edts");
  const elst = edts && readBoxes(moov, edts.body, edts.end).find(({ type }) => type === "elst");
  if (elst === undefined) return 0;
  const clock = movieTimescale(moov);
  const reader = new BoxReader(moov, elst);
  const { version } = reader.full();
  let emptyMs = 0;
  for (let left = countOf(reader, version === 1 ? 20 : 12, 1000); left > 0; left--) {
    const length = version === 1 ? reader.u64() : reader.u32();
    const from = version === 1 ? readLong(reader) : reader.i32();
    reader.skip(4);
    if (from >= 0) return emptyMs - (from * 1000) / track.timescale;
    emptyMs += (length * 1000) / clock;
  }
  return emptyMs;
}

/** -1 means an empty edit; anything else below zero is none. */
function readLong(reader: BoxReader): number {
  const [high, low] = [reader.i32(), reader.u32()];
  return high < 0 ? -1 : high * 2 ** 32 + low;
}

function movieTimescale(moov: Uint8Array): number {
  const outer = oneBox(readBoxes(moov), "moov");
  const header: Box = oneBox(readBoxes(moov, outer.body, outer.end), "mvhd");
  const reader = new BoxReader(moov, header);
  const timescale = reader.skip(reader.full().version === 1 ? 16 : 8).u32();
  if (timescale === 0) throw new Fmp4Error("track-invalid", "the movie has no time scale");
  return timescale;
}

function countOf(reader: BoxReader, entryBytes: number, max: number): number {
  const count = reader.u32();
  if (count > max) throw new Fmp4Error("too-many-samples", `${count} entries, at most ${max} are read`);
  if (count * entryBytes > reader.left) throw new Fmp4Error("box-truncated", "a table is shorter than it says");
  return count;
}

import { Fmp4Error } from "../fmp4/fmp4-error.ts";
import { type Box, BoxReader, oneBox, readBoxes } from "../fmp4/read-boxes.ts";

/** What a run of samples means where it does not say so itself (`trex`). */
export interface TrackDefaults {
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}
export interface MoofSample {
  /** In the file. */
  readonly offset: number;
  readonly size: number;
  /** In ticks; decode time. */
  readonly start: number;
  readonly duration: number;
  /** What a player adds to `start`. */
  readonly shift: number;
  /** Needs no other sample to be decoded. */
  readonly sync: boolean;
}

const TFHD = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20, baseIsMoof: 0x2_0000 };
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 };
const NON_SYNC = 0x1_0000;

/** The defaults of a track of a fragmented file, from its `moov` with header. */
export function readDefaults(moov: Uint8Array, trackId: number): TrackDefaults {
  const outer = oneBox(readBoxes(moov), "moov");
  const mvex = readBoxes(moov, outer.body, outer.end).find(({ type }) => type === "mvex");
  for (const box of mvex === undefined ? [] : readBoxes(moov, mvex.body, mvex.end)) {
    if (box.type !== "trex") continue;
    const reader = new BoxReader(moov, box);
    reader.full();
    if (reader.u32() !== trackId) continue;
    reader.skip(4);
    return { duration: reader.u32(), size: reader.u32(), flags: reader.u32() };
  }
  throw new Fmp4Error("box-missing", `track ${trackId} has no trex`);
}

/**
 * The samples of one track in a `moof` (with header) that begins at `at` in its file; none where it does not name the
 * track. Unlike `readFragment` it judges no recording: it reads what other programs wrote, too. Throws Fmp4Error.
 */
export function readMoof(
  moof: Uint8Array,
  at: number,
  trackId: number,
  defaults: TrackDefaults,
  maxSamples: number,
): MoofSample[] {
  const outer = oneBox(readBoxes(moof), "moof");
  for (const [n, traf] of readBoxes(moof, outer.body, outer.end)
    .filter(({ type }) => type === "traf")
    .entries()) {
    const boxes = readBoxes(moof, traf.body, traf.end);
    const head = readHead(moof, oneBox(boxes, "tfhd"), defaults);
    if (head.trackId !== trackId) continue;
    // Without either flag a later track's data begins where the one before it ends: not followed.
    if (head.base === null && !head.baseIsMoof && n > 0)
      throw new Fmp4Error("base-offset", "where this track's samples lie is said relative to another track");
    return readRuns(moof, boxes, head.base ?? at, head.own, maxSamples);
  }
  return [];
}

function readHead(
  moof: Uint8Array,
  box: Box,
  defaults: TrackDefaults,
): { trackId: number; base: number | null; baseIsMoof: boolean; own: TrackDefaults } {
  const reader = new BoxReader(moof, box);
  const { flags } = reader.full();
  const trackId = reader.u32();
  const base = (flags & TFHD.baseDataOffset) === 0 ? null : reader.u64();
  if ((flags & TFHD.description) !== 0) reader.skip(4);
  const own = {
    duration: (flags & TFHD.duration) === 0 ? defaults.duration : reader.u32(),
    size: (flags & TFHD.size) === 0 ? defaults.size : reader.u32(),
    flags: (flags & TFHD.flags) === 0 ? defaults.flags : reader.u32(),
  };
  return { trackId, base, baseIsMoof: (flags & TFHD.baseIsMoof) !== 0, own };
}

function readRuns(
  moof: Uint8Array,
  boxes: readonly Box[],
  base: number,
  own: TrackDefaults,
  maxSamples: number,
): MoofSample[] {
  const tfdt = new BoxReader(moof, oneBox(boxes, "tfdt"));
  let start = tfdt.full().version === 1 ? tfdt.u64() : tfdt.u32();
  let offset: number | null = null;
  const samples: MoofSample[] = [];
  for (const box of boxes) {
    if (box.type !== "trun") continue;
    const reader = new BoxReader(moof, box);
    const { flags } = reader.full();
    const count = reader.u32();
    if (samples.length + count > maxSamples)
      throw new Fmp4Error("too-many-samples", `${samples.length + count} samples, at most ${maxSamples} are read`);
    if ((flags & TRUN.dataOffset) !== 0) offset = base + reader.i32();
    if (offset === null) throw new Fmp4Error("data-outside", "a first run does not say where its samples lie");
    const first = (flags & TRUN.firstFlags) === 0 ? null : reader.u32();
    for (let i = 0; i < count; i++) {
      const duration = (flags & TRUN.duration) === 0 ? own.duration : reader.u32();
      const size = (flags & TRUN.size) === 0 ? own.size : reader.u32();
      const said = (flags & TRUN.flags) === 0 ? own.flags : reader.u32();
      const shift = (flags & TRUN.composition) === 0 ? 0 : reader.i32();
      const sync = ((i === 0 ? (first ?? said) : said) & NON_SYNC) === 0;
      samples.push({ offset, size, start, duration, shift, sync });
      offset += size;
      start += duration;
    }
  }
  return samples;
}

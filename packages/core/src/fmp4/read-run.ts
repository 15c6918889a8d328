import { Fmp4Error } from "./fmp4-error.ts";
import { type Box, BoxReader, oneBox, readBoxes } from "./read-boxes.ts";
import type { Fmp4Init } from "./read-init.ts";

/** What one traf says: where its samples lie, how long they last, and the first one's flags. */
export type Run = {
  readonly trackId: number;
  readonly start: number;
  readonly duration: number;
  readonly samples: number;
  readonly firstFlags: number;
  /** Byte ranges of the fragment, one per trun. */
  readonly extents: readonly { start: number; end: number }[];
};

type Defaults = { duration: number; size: number; flags: number };

const TFHD = { baseDataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20, baseIsMoof: 0x2_0000 };
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 };
const MAX_SAMPLES = 100_000;

/** Reads a traf of `moof`. Offsets must be relative to their moof: absolute ones break as soon as fragments are joined. */
export function readRun(bytes: Uint8Array, traf: Box, moof: Box, init: Fmp4Init): Run {
  const boxes = readBoxes(bytes, traf.body, traf.end);
  const { trackId, defaults } = readHeader(bytes, oneBox(boxes, "tfhd"), init);
  const tfdt = new BoxReader(bytes, oneBox(boxes, "tfdt"));
  const { version } = tfdt.full();
  if (version > 1) throw new Fmp4Error("box-version", `tfdt of version ${version}`);
  const start = version === 1 ? tfdt.u64() : tfdt.u32();

  const extents: { start: number; end: number }[] = [];
  let duration = 0;
  let samples = 0;
  let firstFlags: number | undefined;
  for (const box of boxes) {
    if (box.type !== "trun") continue;
    const run = readTrun(bytes, box, moof.start, extents.at(-1)?.end, defaults);
    firstFlags ??= run.firstFlags;
    duration += run.duration;
    samples += run.samples;
    extents.push(run.extent);
    if (samples > MAX_SAMPLES) throw new Fmp4Error("too-many-samples", `more than ${MAX_SAMPLES} samples`);
  }
  if (samples === 0) throw new Fmp4Error("track-empty", `track ${trackId} is named but has no samples`);
  if (!Number.isSafeInteger(start + duration)) throw new Fmp4Error("number-too-large", "a time of 2^53 or more");
  return { trackId, start, duration, samples, firstFlags: firstFlags ?? defaults.flags, extents };
}

function readHeader(bytes: Uint8Array, box: Box, init: Fmp4Init): { trackId: number; defaults: Defaults } {
  const reader = new BoxReader(bytes, box);
  const { flags } = reader.full();
  const trackId = reader.u32();
  const track = init.tracks.find((candidate) => candidate.id === trackId);
  if (track === undefined) throw new Fmp4Error("track-unknown", `the init segment has no track ${trackId}`);
  if ((flags & TFHD.baseDataOffset) !== 0 || (flags & TFHD.baseIsMoof) === 0) {
    throw new Fmp4Error("base-offset", "sample offsets must be relative to their moof (default-base-is-moof)");
  }
  if ((flags & TFHD.description) !== 0) reader.skip(4);
  return {
    trackId,
    defaults: {
      duration: (flags & TFHD.duration) !== 0 ? reader.u32() : track.defaultDuration,
      size: (flags & TFHD.size) !== 0 ? reader.u32() : track.defaultSize,
      flags: (flags & TFHD.flags) !== 0 ? reader.u32() : track.defaultFlags,
    },
  };
}

function readTrun(
  bytes: Uint8Array,
  box: Box,
  base: number,
  previousEnd: number | undefined,
  defaults: Defaults,
): { samples: number; duration: number; firstFlags: number | undefined; extent: { start: number; end: number } } {
  const reader = new BoxReader(bytes, box);
  const { flags } = reader.full();
  const samples = reader.u32();
  if (samples > MAX_SAMPLES) throw new Fmp4Error("too-many-samples", `a run of ${samples} samples`);
  let start = previousEnd;
  if ((flags & TRUN.dataOffset) !== 0) start = base + reader.i32();
  if (start === undefined) throw new Fmp4Error("data-outside", "a first run does not say where its samples lie");
  let firstFlags = (flags & TRUN.firstFlags) !== 0 ? reader.u32() : undefined;
  let duration = 0;
  let size = 0;
  for (let i = 0; i < samples; i++) {
    duration += (flags & TRUN.duration) !== 0 ? reader.u32() : defaults.duration;
    size += (flags & TRUN.size) !== 0 ? reader.u32() : defaults.size;
    const own = (flags & TRUN.flags) !== 0 ? reader.u32() : defaults.flags;
    if (i === 0) firstFlags ??= own;
    if ((flags & TRUN.composition) !== 0) reader.skip(4);
  }
  return { samples, duration, firstFlags, extent: { start, end: start + size } };
}

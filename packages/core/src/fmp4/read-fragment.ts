import { Fmp4Error } from "./fmp4-error.ts";
import { type Box, BoxReader, oneBox, readBoxes } from "./read-boxes.ts";
import { type Run, readRun } from "./read-run.ts";
import type { Fmp4Init } from "./read-init.ts";

/** One track's stretch in one part, in ticks of its timescale. */
export type Fmp4Stretch = {
  readonly trackId: number;
  readonly start: number;
  readonly duration: number;
  readonly samples: number;
};
/** One moof+mdat: bytes [start, end) of the fragment. */
export type Fmp4Part = {
  readonly start: number;
  readonly end: number;
  readonly sequence: number;
  readonly stretches: readonly Fmp4Stretch[];
};
export type Fmp4Fragment = {
  readonly parts: readonly Fmp4Part[];
  /** Of the picture, or of the first track where there is none: from the first part's start over all parts. */
  readonly startMs: number;
  readonly durationMs: number;
};

export const MAX_FRAGMENT_BYTES = 16 * 1024 * 1024;
const MAX_SAMPLES = 100_000;
const MAX_PARTS = 1000;
/** styp, prft and emsg may stand before a moof. sidx may not: with it in the middle of a file players misread the duration. */
const ALLOWED_BEFORE = new Set(["styp", "prft", "emsg"]);
const NON_SYNC = 0x1_0000;

/**
 * Reads one media fragment: whole boxes only, one or more moof+mdat, sample data inside its own mdat and nowhere twice,
 * every track known from `init`, and the first picture a key frame. Throws Fmp4Error.
 */
export function readFragment(bytes: Uint8Array, init: Fmp4Init): Fmp4Fragment {
  if (bytes.length === 0) throw new Fmp4Error("empty", "there are no bytes");
  if (bytes.length > MAX_FRAGMENT_BYTES) throw new Fmp4Error("too-large", "a fragment has at most 16 MiB");
  const parts: Fmp4Part[] = [];
  let pending: Box | undefined;
  let partStart = 0;
  let samples = 0;
  for (const box of readBoxes(bytes)) {
    if (box.type === "moof" && pending === undefined) {
      pending = box;
    } else if (box.type === "mdat" && pending !== undefined) {
      const part = readPart(bytes, pending, box, init, parts.length === 0);
      samples += part.stretches.reduce((sum, stretch) => sum + stretch.samples, 0);
      if (samples > MAX_SAMPLES) throw new Fmp4Error("too-many-samples", `more than ${MAX_SAMPLES} samples`);
      parts.push({ ...part, start: partStart, end: box.end });
      if (parts.length > MAX_PARTS) throw new Fmp4Error("too-large", `more than ${MAX_PARTS} parts`);
      pending = undefined;
      partStart = box.end;
    } else if (pending !== undefined || !ALLOWED_BEFORE.has(box.type)) {
      throw new Fmp4Error("box-unexpected", `${box.type} at ${box.start}`);
    }
  }
  if (pending !== undefined) throw new Fmp4Error("box-missing", "the last moof has no mdat");
  const last = parts.at(-1);
  if (last === undefined) throw new Fmp4Error("box-missing", "there is no moof");
  if (last.end !== bytes.length) throw new Fmp4Error("box-unexpected", "something follows the last mdat");
  return { parts, ...measure(parts, init) };
}

function readPart(
  bytes: Uint8Array,
  moof: Box,
  mdat: Box,
  init: Fmp4Init,
  first: boolean,
): Pick<Fmp4Part, "sequence" | "stretches"> {
  const boxes = readBoxes(bytes, moof.body, moof.end);
  const mfhd = new BoxReader(bytes, oneBox(boxes, "mfhd"));
  mfhd.full();
  const sequence = mfhd.u32();
  const runs: Run[] = [];
  const known = new Set<number>();
  for (const traf of boxes.filter((box) => box.type === "traf")) {
    const run = readRun(bytes, traf, moof, init);
    // Judged one by one: 20 bytes of a trun stand for 100,000 samples, and 16 MiB of them would take minutes.
    if (known.has(run.trackId)) throw new Fmp4Error("track-repeated", "a track stands twice in one moof");
    known.add(run.trackId);
    runs.push(run);
  }
  if (runs.length === 0) throw new Fmp4Error("box-missing", "moof describes no track");
  assertDataWithin(runs, mdat);
  if (first) assertKeyFirst(runs, init);
  const stretches = runs.map(({ trackId, start, duration, samples }) => ({ trackId, start, duration, samples }));
  return { sequence, stretches };
}

function assertDataWithin(runs: readonly Run[], mdat: Box): void {
  const extents = runs.flatMap((run) => run.extents).sort((a, b) => a.start - b.start);
  let from = mdat.body;
  for (const extent of extents) {
    if (extent.start < mdat.body || extent.end > mdat.end) {
      throw new Fmp4Error("data-outside", `samples at ${extent.start}-${extent.end} lie outside their mdat`);
    }
    if (extent.start < from) throw new Fmp4Error("data-overlap", "two runs of samples share bytes");
    from = extent.end;
  }
}

/** A take that has a picture can be cut and played at every fragment only if each begins with a key frame. */
function assertKeyFirst(runs: readonly Run[], init: Fmp4Init): void {
  for (const track of init.tracks) {
    if (track.kind !== "video") continue;
    const run = runs.find((candidate) => candidate.trackId === track.id);
    if (run === undefined || (run.firstFlags & NON_SYNC) !== 0) {
      throw new Fmp4Error("not-key", `the picture of track ${track.id} does not begin with a key frame`);
    }
  }
}

function measure(parts: readonly Fmp4Part[], init: Fmp4Init): { startMs: number; durationMs: number } {
  const lead =
    init.tracks.find((track) => track.kind === "video") ?? init.tracks.find((track) => track.kind === "audio");
  const stretches = parts.flatMap((part) => part.stretches.filter((stretch) => stretch.trackId === lead?.id));
  const first = stretches[0];
  const last = stretches.at(-1);
  if (lead === undefined || first === undefined || last === undefined) {
    throw new Fmp4Error("track-empty", "the fragment holds neither picture nor sound");
  }
  const startMs = ticksToMs(first.start, lead.timescale);
  return { startMs, durationMs: Math.max(0, ticksToMs(last.start + last.duration, lead.timescale) - startMs) };
}

/** Whole milliseconds, rounded down. */
export function ticksToMs(ticks: number, timescale: number): number {
  return Math.floor((ticks / timescale) * 1000);
}

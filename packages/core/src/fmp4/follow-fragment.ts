import { Fmp4Error } from "./fmp4-error.ts";
import type { Fmp4Fragment } from "./read-fragment.ts";
import type { Fmp4Init } from "./read-init.ts";

/** Where a take stands: plain JSON. Track ids are keys; `start` and `end` (start + duration) in ticks. */
export type Fmp4Tail = {
  readonly sequence: number;
  readonly tracks: { readonly [id: string]: { readonly start: number; readonly end: number } };
};

/**
 * How far a stretch may begin before the end of the one before it. Encoders guess the last sample's duration, and audio
 * frames do not end with pictures; a quarter of a second is more than both, and less than a lost or repeated fragment.
 */
export const MAX_OVERLAP_MS = 250;
/** The longest hole inside a take (frames the sensor or encoder dropped). After a longer one the camera begins a new take. */
export const MAX_HOLE_MS = 5000;

/**
 * Judges a fragment by what came before it and gives the new tail: sequence numbers rise, and per track the time
 * rises by what the previous durations imply, within the two bounds above. `sequence`, `time-back`, `time-jump`.
 * The first fragment of a take may begin at any time: the rest of a take that was cut off continues its clock.
 */
export function followFragment(tail: Fmp4Tail | null, fragment: Fmp4Fragment, init: Fmp4Init): Fmp4Tail {
  let sequence = tail?.sequence ?? -1;
  const tracks: Record<string, { start: number; end: number }> = { ...tail?.tracks };
  for (const part of fragment.parts) {
    if (part.sequence <= sequence) {
      throw new Fmp4Error("sequence", `sequence number ${part.sequence} after ${sequence}`);
    }
    sequence = part.sequence;
    for (const stretch of part.stretches) {
      const timescale = init.tracks.find((track) => track.id === stretch.trackId)?.timescale;
      if (timescale === undefined) throw new Fmp4Error("track-unknown", `no track ${stretch.trackId}`);
      const before = tracks[stretch.trackId];
      if (before !== undefined) assertFollows(before, stretch.start, timescale, stretch.trackId);
      tracks[stretch.trackId] = { start: stretch.start, end: stretch.start + stretch.duration };
    }
  }
  return { sequence, tracks };
}

function assertFollows(before: { start: number; end: number }, start: number, timescale: number, id: number): void {
  const lateMs = ((start - before.end) / timescale) * 1000;
  if (start <= before.start || lateMs < -MAX_OVERLAP_MS) {
    throw new Fmp4Error("time-back", `track ${id} goes back to ${start}; the last stretch ended at ${before.end}`);
  }
  if (lateMs > MAX_HOLE_MS) {
    throw new Fmp4Error(
      "time-jump",
      `track ${id} jumps by ${Math.round(lateMs)} ms; begin a new take after such a hole`,
    );
  }
}

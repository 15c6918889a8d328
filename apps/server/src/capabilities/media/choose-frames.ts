import { MediaError } from "../../ports/media.ts";

export interface Frame {
  readonly offset: number;
  readonly size: number;
  /** On the player's clock. */
  readonly atMs: number;
}
export interface ReelLimits {
  readonly tiles: number;
  /** Most bytes of one key frame. 8K at its best needs about 4 MiB. */
  readonly frame: number;
  /** Most bytes of all. */
  readonly media: number;
}
const MiB = 1024 * 1024;
export const reelLimits: ReelLimits = { tiles: 100, frame: 8 * MiB, media: 64 * MiB };

/**
 * At most `tiles` of the key frames, evenly over their time: for each equal stretch the first that begins in or after
 * it. Frames that the file does not hold, or that no camera writes, are never among them.
 */
export function chooseFrames(frames: readonly Frame[], fileSize: number, limits: ReelLimits = reelLimits): Frame[] {
  const usable = frames.filter(
    ({ offset, size }) => size > 0 && size <= limits.frame && offset >= 0 && offset + size <= fileSize,
  );
  if (usable.length === 0) throw new MediaError("unreadable", "There is no whole key frame in this file.");
  let chosen = usable.length <= limits.tiles ? usable : spread(usable, limits.tiles);
  // Every second one less: still even.
  while (sizeOf(chosen) > limits.media) chosen = chosen.filter((_, i) => i % 2 === 0);
  return chosen;
}

function spread(frames: readonly Frame[], tiles: number): Frame[] {
  const first = frames[0]?.atMs ?? 0;
  const step = Math.max(1, ((frames.at(-1)?.atMs ?? 0) - first) / (tiles - 1));
  const chosen: Frame[] = [];
  for (const frame of frames)
    if (chosen.length < tiles && frame.atMs >= first + chosen.length * step - 1) chosen.push(frame);
  return chosen;
}

export const sizeOf = (frames: readonly { readonly size: number }[]): number =>
  frames.reduce((sum, { size }) => sum + size, 0);

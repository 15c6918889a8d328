import type { Storyboard } from "../../ports/media.ts";
import type { SourceFile } from "./copy-to-scratch.ts";
import type { Strip } from "./keep-strip.ts";
import type { MediaDeps } from "./media-deps.ts";
import { pickFrames } from "./pick-frames.ts";
import { readIndex } from "./read-index.ts";
import { STORYBOARD_COLUMNS, STORYBOARD_TILE } from "./rules.ts";
import { withReel } from "./with-reel.ts";

/** A hundred key frames and nothing else are copied for the decoder, whatever the file's size: 12 GB cost as 12 MB. */
export async function makeStoryboard(
  deps: Pick<MediaDeps, "media" | "scratch">,
  source: SourceFile,
  signal: AbortSignal,
): Promise<Strip> {
  const index = await readIndex(source, signal);
  const { track, frames } = await pickFrames(source, index, signal);
  const columns = Math.min(STORYBOARD_COLUMNS, frames.length);
  const layout = { columns, rows: Math.ceil(frames.length / columns), within: STORYBOARD_TILE };
  // One a second, so that the time of a tile says which frame it is, also where one did not decode.
  const reel = { track, timescale: 1000, parts: frames.map((frame) => ({ ...frame, duration: 1000 })) };
  const { jpeg, tileWidth, tileHeight, times }: Storyboard = await withReel(
    deps.scratch,
    source,
    index,
    reel,
    signal,
    (path) => deps.media.storyboard(path, layout, signal),
  );
  const tiles = times.map((ms) => frames[Math.round(ms / 1000)]?.atMs ?? 0);
  const span = (tiles.at(-1) ?? 0) - (tiles[0] ?? 0);
  const intervalMs = tiles.length > 1 ? Math.round(span / (tiles.length - 1)) : 0;
  return {
    role: "storyboard",
    mediaType: "image/jpeg",
    bytes: jpeg,
    layout: { tileWidth, tileHeight, columns, count: tiles.length, intervalMs, tiles },
    count: tiles.length,
  };
}

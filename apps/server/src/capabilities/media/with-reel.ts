import { type MovieTrack, writeReel } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import type { SourceFile } from "./copy-to-scratch.ts";
import { asMedia, type FileIndex } from "./read-index.ts";
import type { Scratch } from "./scratch.ts";

export interface ReelPart {
  readonly offset: number;
  readonly size: number;
  /** In ticks of the reel. */
  readonly duration: number;
}

// A hundred thousand samples of sound need 400 KiB of tables.
const MAX_HEAD = 2 * 1024 * 1024;

/**
 * Copies samples of one track into a small movie of their own and runs `work` on it: the decoder sees these bytes and
 * no others, however large the original is.
 */
export async function withReel<T>(
  scratch: Scratch,
  source: SourceFile,
  { ftyp, moov }: FileIndex,
  reel: { readonly track: MovieTrack; readonly timescale: number; readonly parts: readonly ReelPart[] },
  signal: AbortSignal,
  work: (path: string, bytes: number) => Promise<T>,
): Promise<T> {
  const head = asMedia(() => writeReel(ftyp, moov, reel.track, reel.timescale, reel.parts));
  if (head.length > MAX_HEAD) throw new MediaError("too-large", "Its sample description is larger than any real one.");
  const bytes = reel.parts.reduce((sum, { size }) => sum + size, head.length);
  return await scratch.use(bytes, async (folder) => {
    const file = await folder.create("source", bytes);
    await file.write(0, head);
    let at = head.length;
    for (const { start, end } of joined(reel.parts))
      for await (const piece of source.bytes(start, end)) {
        signal.throwIfAborted();
        await file.write(at, piece);
        at += piece.length;
      }
    await file.finish();
    return await work(file.path, bytes);
  });
}

/** Neighbours are read at once: a second of sound is some fifty samples that touch. */
function joined(parts: readonly ReelPart[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { offset, size } of parts) {
    const last = ranges.at(-1);
    if (last?.end === offset) last.end += size;
    else ranges.push({ start: offset, end: offset + size });
  }
  return ranges;
}

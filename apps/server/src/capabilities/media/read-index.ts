import { Fmp4Error, type MovieTrack, type TopBox, readMovie, walkTopBoxes } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import { reader, type SourceFile } from "./copy-to-scratch.ts";

/** What a file says about where its samples lie. */
export interface FileIndex {
  readonly ftyp: Uint8Array | null;
  readonly moov: Uint8Array;
  readonly tracks: readonly MovieTrack[];
  readonly boxes: readonly TopBox[];
  /** Empty for a file with one index. */
  readonly moofs: readonly TopBox[];
}

// A day of one-second fragments with five parts each would be 864,000 boxes; three hours are 108,000.
const MAX_BOXES = 250_000;
/** Of one track: nine hours of picture at 30 a second, six of sound. */
const MAX_SAMPLES = 1_000_000;
/** A few bytes of a table can stand for a million samples, which take a second to list: a file has no more than fit into it. */
export const mostSamples = (fileSize: number): number => Math.min(MAX_SAMPLES, Math.ceil(fileSize / 4));
const MAX_MOOV = 64 * 1024 * 1024;
const MAX_FTYP = 4096;

/** Reads the index alone, of a file of any size. Throws MediaError `unreadable`, `too-large`. */
export async function readIndex(source: SourceFile, signal: AbortSignal): Promise<FileIndex> {
  const read = reader(source);
  const { boxes } = await walkTopBoxes(
    async (start, end) => {
      signal.throwIfAborted();
      return await read(start, end);
    },
    source.size,
    MAX_BOXES,
  );
  const moov = boxes.find(({ type }) => type === "moov");
  if (moov === undefined || moov.end > source.size) throw new MediaError("unreadable", "Its index (moov) is missing.");
  if (moov.end - moov.start > MAX_MOOV)
    throw new MediaError("too-large", "Its index is larger than that of any real recording.");
  const ftyp = boxes[0]?.type === "ftyp" && boxes[0].end <= MAX_FTYP ? boxes[0] : undefined;
  const bytes = await read(moov.start, moov.end);
  return {
    ftyp: ftyp === undefined ? null : await read(ftyp.start, ftyp.end),
    moov: bytes,
    tracks: asMedia(() => readMovie(bytes)),
    boxes,
    moofs: boxes.filter(({ type, end }) => type === "moof" && end <= source.size),
  };
}

/** What our reader refuses is the file's, and will not change. */
export function asMedia<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fmp4Error) throw new MediaError("unreadable", `Its index cannot be read: ${error.message}`);
    throw error;
  }
}

import { type MovieTrack, readSamples } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import type { SourceFile } from "./copy-to-scratch.ts";
import { fragmentReader } from "./read-fragments.ts";
import { asMedia, type FileIndex, mostSamples } from "./read-index.ts";
import type { ReelPart } from "./with-reel.ts";

/** A stretch of sound without holes, small enough for scratch. */
export interface SoundPiece {
  readonly startMs: number;
  readonly parts: readonly ReelPart[];
}
interface SoundSample {
  readonly offset: number;
  readonly size: number;
  readonly startMs: number;
  readonly durationMs: number;
}

const PIECE_BYTES = 16 * 1024 * 1024;
const PIECE_SAMPLES = 100_000;
const HOLE_MS = 100;
// Each is a decoder started; beyond this holes are closed instead of shown.
const MAX_PIECES = 200;

/** The sound of a file of any size, in pieces, each with its place in time; its picture is not read. */
export async function* pickSound(
  source: SourceFile,
  index: FileIndex,
  signal: AbortSignal,
): AsyncGenerator<SoundPiece & { readonly track: MovieTrack }> {
  const track = index.tracks.find(({ handler }) => handler === "soun");
  if (track === undefined) throw new MediaError("codec-refused", "There is no sound in this file.");
  let parts: ReelPart[] = [];
  let startMs = 0;
  let endMs = 0;
  let bytes = 0;
  let pieces = 0;
  let total = 0;
  for await (const sample of samplesOf(source, index, track, signal)) {
    if (sample.size === 0 || sample.offset < 0 || sample.offset + sample.size > source.size) continue;
    total += sample.size;
    // Tables that name the same bytes again and again would make work without end out of a small file.
    if (total > source.size) throw new MediaError("unreadable", "Its sound is larger than the file it lies in.");
    if (sample.size > PIECE_BYTES)
      throw new MediaError("too-large", "One sample of its sound is larger than any real.");
    const hole = Math.abs(sample.startMs - endMs) > HOLE_MS && pieces < MAX_PIECES;
    if (parts.length > 0 && (hole || bytes + sample.size > PIECE_BYTES || parts.length >= PIECE_SAMPLES)) {
      yield { track, startMs, parts };
      pieces += 1;
      parts = [];
      bytes = 0;
    }
    if (parts.length === 0) startMs = sample.startMs;
    const duration = Math.round((sample.durationMs * track.timescale) / 1000);
    parts.push({ offset: sample.offset, size: sample.size, duration });
    bytes += sample.size;
    endMs = sample.startMs + sample.durationMs;
  }
  if (parts.length > 0) yield { track, startMs, parts };
}

async function* samplesOf(
  source: SourceFile,
  index: FileIndex,
  track: MovieTrack,
  signal: AbortSignal,
): AsyncGenerator<SoundSample> {
  if (index.moofs.length === 0) {
    yield* asMedia(() => readSamples(index.moov, track, mostSamples(source.size)));
    return;
  }
  const read = await fragmentReader(source, index, track);
  for (let n = 0; n < index.moofs.length; n++) {
    signal.throwIfAborted();
    for (const { offset, size, decodeMs, duration } of await read(n))
      yield { offset, size, startMs: Math.max(0, decodeMs), durationMs: (duration * 1000) / track.timescale };
  }
}

import { type MovieTrack, readPictureTimes, readSamples, readSyncSamples } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import { chooseFrames, type Frame, reelLimits } from "./choose-frames.ts";
import type { SourceFile } from "./copy-to-scratch.ts";
import { fragmentReader } from "./read-fragments.ts";
import { asMedia, type FileIndex, mostSamples } from "./read-index.ts";

/** Where a hundred key frames lie, evenly over the whole length, and when a player shows each. */
export async function pickFrames(
  source: SourceFile,
  index: FileIndex,
  signal: AbortSignal,
): Promise<{ track: MovieTrack; frames: Frame[] }> {
  const track = index.tracks.find(({ handler }) => handler === "vide");
  if (track === undefined) throw new MediaError("codec-refused", "There is no picture in this file.");
  const frames =
    index.moofs.length > 0
      ? await keyFragments(source, index, track, signal)
      : asMedia(() => keySamples(index.moov, track, mostSamples(source.size)));
  return { track, frames: chooseFrames(frames, source.size) };
}

function keySamples(moov: Uint8Array, track: MovieTrack, most: number): Frame[] {
  const samples = readSamples(moov, track, most);
  const numbers = readSyncSamples(moov, track, most) ?? samples.map((_, i) => i);
  const known = numbers.flatMap((number) => {
    const sample = samples[number];
    return sample === undefined ? [] : [{ number, ...sample }];
  });
  const times = readPictureTimes(moov, track, known, most);
  return known.map(({ offset, size, startMs }, i) => ({ offset, size, atMs: times[i] ?? Math.round(startMs) }));
}

/** Of many fragments a hundred are looked at; a part that begins inside a picture group yields to the next one. */
async function keyFragments(
  source: SourceFile,
  index: FileIndex,
  track: MovieTrack,
  signal: AbortSignal,
): Promise<Frame[]> {
  const { length } = index.moofs;
  const samplesOf = await fragmentReader(source, index, track);
  const frames: Frame[] = [];
  const slots = Math.min(length, reelLimits.tiles);
  for (let slot = 0; slot < slots; slot++) {
    const until = Math.floor(((slot + 1) * length) / slots);
    for (let n = Math.floor((slot * length) / slots); n < until; n++) {
      signal.throwIfAborted();
      const sample = (await samplesOf(n))[0];
      if (sample?.sync !== true) continue;
      frames.push({ offset: sample.offset, size: sample.size, atMs: Math.max(0, Math.round(sample.shownMs)) });
      break;
    }
  }
  return frames;
}

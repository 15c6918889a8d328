import { type MoofSample, type MovieTrack, type TrackDefaults, readDefaults, readMoof } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import { reader, type SourceFile } from "./copy-to-scratch.ts";
import { asMedia, type FileIndex, mostSamples } from "./read-index.ts";

const MAX_MOOF = 1024 * 1024;
const MAX_IN_ONE = 100_000;

/** A fragment's sample with its times in ms on the player's clock. */
export interface FragmentSample extends MoofSample {
  readonly decodeMs: number;
  readonly shownMs: number;
}

/**
 * Reads one fragment's samples of one track; a `moof` larger than any camera's counts as empty. All that one reader
 * reads is bounded together: twenty bytes of a `moof` can stand for a million samples. Throws MediaError `too-large`.
 */
export async function fragmentReader(
  source: SourceFile,
  index: FileIndex,
  track: MovieTrack,
): Promise<(n: number) => Promise<FragmentSample[]>> {
  const read = reader(source);
  const defaults = new Map<number, TrackDefaults>();
  let left = mostSamples(source.size);
  const ofTrack = async (n: number, each: MovieTrack): Promise<MoofSample[]> => {
    const moof = index.moofs[n];
    if (moof === undefined || moof.end - moof.start > MAX_MOOF) return [];
    const bytes = await read(moof.start, moof.end);
    const own = defaults.get(each.id) ?? asMedia(() => readDefaults(index.moov, each.id));
    defaults.set(each.id, own);
    const samples = asMedia(() => readMoof(bytes, moof.start, each.id, own, MAX_IN_ONE));
    left -= samples.length;
    if (left < 0)
      throw new MediaError("too-large", "Its fragments have more samples than those of any real recording.");
    return samples;
  };
  // A player's clock begins with whichever track begins first: a camera's fragments may begin at any time of day.
  const starts: number[] = [];
  for (const each of index.tracks.filter(({ handler }) => handler === "vide" || handler === "soun")) {
    const first = (await ofTrack(0, each))[0];
    if (first !== undefined) starts.push(((first.start + first.shift) * 1000) / each.timescale);
  }
  const origin = starts.length === 0 ? 0 : Math.min(...starts);
  const toMs = 1000 / track.timescale;
  return async (n) =>
    (await ofTrack(n, track)).map((sample) => ({
      ...sample,
      decodeMs: sample.start * toMs - origin,
      shownMs: (sample.start + sample.shift) * toMs - origin,
    }));
}

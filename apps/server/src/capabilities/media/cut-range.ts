import { type MovieTrack, readPictureTimes, readSamples, readSyncSamples } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import type { SourceFile } from "./copy-to-scratch.ts";
import { fragmentReader } from "./read-fragments.ts";
import { asMedia, type FileIndex, mostSamples, readIndex } from "./read-index.ts";
import type { Scratch, ScratchFolder } from "./scratch.ts";

const MiB = 1024 * 1024;
/** Files up to this are copied whole. */
const WHOLE = 64 * MiB;
/** Most bytes of the original behind one clip: ten minutes of 4K at 14 Mbit/s. */
const MOST = 1024 * MiB;

/** A part of an original in a scratch folder, from the key frame before the range to its end. */
export interface Cut {
  readonly path: string;
  readonly folder: ScratchFolder;
  /** Where a decoder has to jump to first, in ms of the file's own clock; null: it begins there. */
  readonly seekMs: number | null;
  /** The file's own clock minus the player's. */
  readonly originMs: number;
  /** The picture that is on the screen at the range's beginning, on the player's clock. */
  readonly frameMs: number;
  /** Times are read from fragments, where edit lists do not count. */
  readonly fragmented: boolean;
}
interface Plan extends Omit<Cut, "path" | "folder"> {
  readonly size: number;
  /** What is copied: from where in the original to where in the copy. */
  readonly pieces: readonly { readonly start: number; readonly end: number; readonly at: number }[];
}

/**
 * Copies what a decoder needs to show [fromMs, toMs] of an original of any size and runs `work` beside it; `room` more
 * bytes are reserved for what the work writes. Throws MediaError `too-large`, `codec-refused`, `unreadable`.
 */
export async function withCut<T>(
  scratch: Scratch,
  source: SourceFile,
  range: { readonly fromMs: number; readonly toMs: number; readonly room: number },
  signal: AbortSignal,
  work: (cut: Cut) => Promise<T>,
): Promise<T> {
  const index = await readIndex(source, signal);
  const track = index.tracks.find(({ handler }) => handler === "vide");
  if (track === undefined) throw new MediaError("codec-refused", "There is no picture in this file.");
  const plan =
    index.moofs.length > 0
      ? await planFragments(source, index, track, range)
      : asMedia(() => planSamples(source, index, track, range));
  const bytes = plan.pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  if (bytes > MOST)
    throw new MediaError("too-large", "There is more footage in this range than one clip takes. Make it shorter.");
  return await scratch.use(bytes + range.room, async (folder) => {
    const file = await folder.create("source", plan.size);
    for (const { start, end, at } of plan.pieces) {
      let to = at;
      for await (const piece of source.bytes(start, end)) {
        signal.throwIfAborted();
        await file.write(to, piece);
        to += piece.length;
      }
    }
    await file.finish();
    const { seekMs, originMs, frameMs, fragmented } = plan;
    return await work({ path: file.path, folder, seekMs, originMs, frameMs, fragmented });
  });
}

/** Whole fragments, one after the other: the beginning of the file, then those of the range. */
async function planFragments(
  source: SourceFile,
  index: FileIndex,
  track: MovieTrack,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<Plan> {
  const samplesOf = await fragmentReader(source, index, track);
  const startOf = async (n: number): Promise<number> => (await samplesOf(n))[0]?.shownMs ?? Number.NEGATIVE_INFINITY;
  const lastBefore = async (ms: number): Promise<number> => {
    let [low, high] = [0, index.moofs.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await startOf(middle)) <= ms) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  let first = await lastBefore(fromMs + 0.5);
  const last = await lastBefore(toMs + 0.5);
  while (first > 0 && (await samplesOf(first))[0]?.sync !== true) first -= 1;
  const shown: number[] = [];
  for (let n = first; n <= Math.min(last, first + 64); n++)
    shown.push(...(await samplesOf(n)).map((sample) => sample.shownMs));
  const [sample] = await samplesOf(first);
  if (sample === undefined) throw new MediaError("unreadable", "There is no picture in this range.");
  const head = index.moofs[0]?.start ?? 0;
  if (head > WHOLE) throw new MediaError("too-large", "Its index is larger than that of any real recording.");
  const start = index.moofs[first]?.start ?? head;
  const end = index.moofs[last + 1]?.start ?? source.size;
  return {
    size: head + end - start,
    pieces: [
      { start: 0, end: head, at: 0 },
      { start, end, at: head },
    ],
    seekMs: null,
    originMs: (sample.start * 1000) / track.timescale - sample.decodeMs,
    frameMs: frameAt(shown, fromMs),
    fragmented: true,
  };
}

/** A file with one index keeps its layout; what is not needed is left as a hole. */
function planSamples(
  source: SourceFile,
  index: FileIndex,
  track: MovieTrack,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Plan {
  const most = mostSamples(source.size);
  const samples = readSamples(index.moov, track, most).map((sample, number) => ({ number, ...sample }));
  const times = readPictureTimes(index.moov, track, samples, most);
  const sync = readSyncSamples(index.moov, track, most) ?? samples.map(({ number }) => number);
  const key = sync.findLast((number) => (times[number] ?? Infinity) <= fromMs + 0.5) ?? sync[0] ?? 0;
  const seekMs = times[key] ?? 0;
  const common = { seekMs, originMs: 0, frameMs: frameAt(times, fromMs), fragmented: false, size: source.size };
  if (source.size <= WHOLE) return { ...common, pieces: [{ start: 0, end: source.size, at: 0 }] };
  const last = times.findLastIndex((ms) => ms <= toMs + 0.5);
  const wanted = samples.filter(({ number }) => number < 16 || (number >= key && number <= last + 16));
  for (const sound of index.tracks.filter(({ handler }) => handler === "soun"))
    wanted.push(
      ...readSamples(index.moov, sound, most)
        .map((sample, number) => ({ number, ...sample }))
        .filter(({ number, startMs }) => number < 16 || (startMs >= seekMs - 2000 && startMs <= toMs + 1000)),
    );
  const media = wanted.map(({ offset, size }) => ({ start: offset, end: Math.min(source.size, offset + size) }));
  const boxes = index.boxes.filter(({ type, end }) => type !== "mdat" && end <= source.size);
  const heads = index.boxes.filter(({ type }) => type === "mdat").map(({ start }) => ({ start, end: start + 16 }));
  const ranges = [...boxes, ...heads, ...media].filter(({ start, end }) => end > start);
  return { ...common, pieces: joined(ranges).map(({ start, end }) => ({ start, end, at: start })) };
}

/** The picture that stands on the screen at this time: the last one that was shown by then. */
function frameAt(times: readonly number[], ms: number): number {
  const before = times.filter((time) => time <= ms + 0.5);
  return before.length === 0 ? Math.min(...times.slice(0, 1000), ms) : before.reduce((a, b) => Math.max(a, b), 0);
}

/** Neighbours are read at once: a gap of a few kilobytes costs less than another read. */
function joined(ranges: readonly { readonly start: number; readonly end: number }[]): { start: number; end: number }[] {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = all.at(-1);
    if (last !== undefined && start <= last.end + 65_536) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

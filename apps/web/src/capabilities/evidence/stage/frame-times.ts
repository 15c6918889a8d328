import type { Evidence } from "@sworn/contract";
import { readDefaults, readMoof, readMovie, readPictureTimes, readSamples, walkTopBoxes } from "@sworn/core";
import type { MovieTrack, ReadRange } from "@sworn/core";
import { sworn } from "../../../app/server.ts";
import { partAt, type Part } from "./parts.ts";
import { readPlaylist, type PlaylistEntry } from "./read-playlist.ts";

/** When each frame near a moment is shown, in seconds on the time line, rising; null where the file does not tell. */
export type FramesNear = (time: number) => Promise<readonly number[] | null>;

const mostIndex = 16 * 1024 * 1024;
const mostSamples = 1_000_000;
/** The tables of a fragment stand at its beginning; a second of picture and sound needs a kilobyte or two. */
const mostTables = 64 * 1024;

/**
 * Frame times from the file's own tables, so that a step is one frame also where their rate changes. Read when somebody
 * first steps, with ranges of the original that this person may see anyway.
 */
export function framesOf(evidence: Evidence, parts: readonly Part[]): FramesNear {
  const recorded = typeof evidence.takes[0]?.fragments === "number";
  const [only] = parts;
  if (evidence.kind !== "video" || evidence.state !== "stored" || only === undefined)
    return () => Promise.resolve(null);
  const known = recorded ? ofRecording(evidence, parts) : ofFile(rangeOf(evidence.id, only.take), evidence.size);
  // What cannot be read is answered as not known: a step then goes by the rate, and says so.
  return (time) => known(time).catch(() => null);
}

function ofFile(read: ReadRange, size: number): FramesNear {
  let times: Promise<readonly number[] | null> | undefined;
  const load = async (): Promise<readonly number[] | null> => {
    const { boxes } = await walkTopBoxes(read, size, 64);
    const moov = boxes.find(({ type }) => type === "moov");
    if (moov === undefined || moov.end > size || moov.end - moov.start > mostIndex) return null;
    if (boxes.some(({ type }) => type === "moof")) return null;
    const bytes = await read(moov.start, moov.end);
    const track = readMovie(bytes).find(({ handler }) => handler === "vide");
    if (track === undefined) return null;
    const most = Math.min(mostSamples, Math.ceil(size / 4));
    const samples = readSamples(bytes, track, most).map((sample, number) => ({ ...sample, number }));
    return rising(readPictureTimes(bytes, track, samples, most).map((ms) => ms / 1000));
  };
  return () => (times ??= load());
}

interface TakeFragments {
  readonly part: Part;
  readonly read: ReadRange;
  readonly moov: Uint8Array;
  readonly tracks: readonly MovieTrack[];
  readonly entries: readonly PlaylistEntry[];
  /** Where the part's clock begins, in seconds of its tracks. */
  readonly origin: number;
}

function ofRecording(evidence: Evidence, parts: readonly Part[]): FramesNear {
  const takes = new Map<number, Promise<TakeFragments | null>>();
  const fragments = new Map<string, Promise<readonly number[]>>();
  let playlist: Promise<ReturnType<typeof readPlaylist>> | undefined;
  const openTake = async (part: Part): Promise<TakeFragments | null> => {
    playlist ??= askPlaylist(evidence.id);
    const list = (await playlist).find(({ take }) => take === part.take);
    const [first] = list?.entries ?? [];
    if (list === undefined || first === undefined) return null;
    const read = rangeOf(evidence.id, part.take);
    const moov = moovIn(await read(list.init.offset, list.init.offset + list.init.size));
    const tracks = readMovie(moov).filter(({ handler }) => handler === "vide" || handler === "soun");
    const tables = await tablesOf(read, first);
    const starts = tracks.flatMap((track) => {
      const [sample] = samplesIn(tables, first, moov, track);
      return sample === undefined ? [] : [sample];
    });
    return { part, read, moov, tracks, entries: list.entries, origin: starts.length === 0 ? 0 : Math.min(...starts) };
  };
  const timesOf = (take: TakeFragments, n: number): Promise<readonly number[]> => {
    const entry = take.entries[n];
    const track = take.tracks.find(({ handler }) => handler === "vide");
    if (entry === undefined || track === undefined) return Promise.resolve([]);
    const key = `${take.part.take} ${n}`;
    const known = fragments.get(key);
    if (known !== undefined) return known;
    const load = async (): Promise<readonly number[]> =>
      samplesIn(await tablesOf(take.read, entry), entry, take.moov, track).map(
        (time) => take.part.start + time - take.origin,
      );
    const loading = load();
    fragments.set(key, loading);
    return loading;
  };
  return async (time) => {
    const part = partAt(parts, time);
    if (part === undefined) return null;
    const opened = takes.get(part.take) ?? openTake(part);
    takes.set(part.take, opened);
    const take = await opened;
    if (take === null) return null;
    const at = Math.max(
      0,
      take.entries.findLastIndex(({ start }) => start <= time - part.start + 0.0005),
    );
    const near = await Promise.all([at - 1, at, at + 1].map((n) => timesOf(take, n)));
    const times = rising(near.flat());
    return times.length === 0 ? null : times;
  };
}

const rising = (times: readonly number[]): readonly number[] =>
  Float64Array.from(times)
    .sort()
    .reduce<number[]>((all, time) => {
      if (all.length === 0 || time > (all.at(-1) ?? 0)) all.push(time);
      return all;
    }, []);

/** Seconds, by the track's own clock, at which a fragment's samples are shown. */
function samplesIn(tables: Uint8Array, entry: PlaylistEntry, moov: Uint8Array, track: MovieTrack): number[] {
  const defaults = readDefaults(moov, track.id);
  return readMoof(moofIn(tables), entry.offset, track.id, defaults, 10_000).map(
    ({ start, shift }) => (start + shift) / track.timescale,
  );
}

const tablesOf = (read: ReadRange, { offset, size }: PlaylistEntry): Promise<Uint8Array> =>
  read(offset, offset + Math.min(size, mostTables));

const moofIn = (bytes: Uint8Array): Uint8Array => boxIn(bytes, "moof");
const moovIn = (bytes: Uint8Array): Uint8Array => boxIn(bytes, "moov");

/** One top-level box of a piece of a file, with its header. */
function boxIn(bytes: Uint8Array, type: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = view.getUint32(at);
    if (size < 8) break;
    if (String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === type && at + size <= bytes.length)
      return bytes.subarray(at, at + size);
    at += size;
  }
  throw new RangeError(`there is no whole ${type}`);
}

function rangeOf(id: string, take: number): ReadRange {
  return async (start, end) => {
    const answer = await sworn.evidence.media(id, { take, start, end });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (answer.status !== 206 || bytes.length !== end - start) throw new RangeError("the server gave another range");
    return bytes;
  };
}

async function askPlaylist(id: string): Promise<ReturnType<typeof readPlaylist>> {
  const url = sworn.http.url(`/api/v1/evidence/${encodeURIComponent(id)}/playlist.m3u8`);
  return readPlaylist(await (await sworn.http.call("GET", url, { headers: { accept: "*/*" } })).text());
}

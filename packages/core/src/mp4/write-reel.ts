import { concatBytes } from "../bytes/encode-bytes.ts";
import { oneBox, readBoxes, viewOf } from "../fmp4/read-boxes.ts";
import type { MovieTrack } from "./read-movie.ts";

export interface ReelSample {
  readonly size: number;
  /** In ticks of the reel's time scale. */
  readonly duration: number;
}

/**
 * The head of a small movie with one track, whose samples follow it in order and touching: `ftyp`, `moov` and the
 * `mdat` header. What the samples are (`stsd`) and how the picture is turned come from the original's `moov`; every
 * sample counts as decodable alone, and all data lies in this file, whatever the original said.
 */
export function writeReel(
  ftyp: Uint8Array | null,
  moov: Uint8Array,
  track: MovieTrack,
  timescale: number,
  samples: readonly ReelSample[],
): Uint8Array {
  const brand = ftyp ?? box("ftyp", text("qt  "), u32(0), text("qt  "));
  const total = samples.reduce((sum, { size }) => sum + size, 0);
  // The offset of the first sample stands inside what it is the length of; its width does not depend on it.
  const length = writeHead(brand, moov, track, timescale, samples, total, 0).length;
  return writeHead(brand, moov, track, timescale, samples, total, length);
}

function writeHead(
  ftyp: Uint8Array,
  moov: Uint8Array,
  track: MovieTrack,
  timescale: number,
  samples: readonly ReelSample[],
  total: number,
  at: number,
): Uint8Array {
  const outer = oneBox(readBoxes(moov), "moov");
  const copy = (boxes: ReturnType<typeof readBoxes>, type: string): Uint8Array => {
    const one = oneBox(boxes, type);
    return moov.subarray(one.start, one.end);
  };
  const top = readBoxes(moov, outer.body, outer.end);
  const trak = readBoxes(moov, track.trak.body, track.trak.end);
  const mdiaBox = oneBox(trak, "mdia");
  const mdia = readBoxes(moov, mdiaBox.body, mdiaBox.end);
  const minfBox = oneBox(mdia, "minf");
  const minf = readBoxes(moov, minfBox.body, minfBox.end);
  const table = readBoxes(moov, track.table.body, track.table.end);
  const duration = samples.reduce((sum, sample) => sum + sample.duration, 0);
  const clock = box("mdhd", u32(0, 0, 0, timescale, Math.min(duration, 0xffff_ffff), 0));
  const kind = minf.filter(({ type }) => type === "vmhd" || type === "smhd");
  const here = box("dinf", box("dref", u32(0, 1), box("url ", u32(1))));
  const stbl = box(
    "stbl",
    copy(table, "stsd"),
    box("stts", u32(0), runs(samples)),
    box("stsc", u32(0, 1, 1, samples.length, 1)),
    box("stsz", u32(0, 0, samples.length), numbers(samples.map(({ size }) => size))),
    box("stco", u32(0, 1, at)),
  );
  const inner = box("minf", ...kind.map(({ start, end }) => moov.subarray(start, end)), here, stbl);
  const media = box("mdia", clock, copy(mdia, "hdlr"), inner);
  return concatBytes(
    ftyp,
    box("moov", copy(top, "mvhd"), box("trak", copy(trak, "tkhd"), media)),
    u32(total + 8),
    text("mdat"),
  );
}

/** Time to sample, equal neighbours together: an hour of sound is one entry. */
function runs(samples: readonly ReelSample[]): Uint8Array {
  const entries: [number, number][] = [];
  for (const { duration } of samples) {
    const last = entries.at(-1);
    if (last !== undefined && last[1] === duration) last[0] += 1;
    else entries.push([1, duration]);
  }
  return concatBytes(u32(entries.length), numbers(entries.flat()));
}

function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const body = concatBytes(...parts);
  return concatBytes(u32(body.length + 8), text(type), body);
}
const text = (four: string): Uint8Array => Uint8Array.from(four, (c) => c.charCodeAt(0));
const u32 = (...values: number[]): Uint8Array => numbers(values);

function numbers(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = viewOf(bytes);
  values.forEach((value, i) => view.setUint32(i * 4, value));
  return bytes;
}

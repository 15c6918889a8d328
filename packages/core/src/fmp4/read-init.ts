import { Fmp4Error } from "./fmp4-error.ts";
import { type Box, BoxReader, oneBox, readBoxes, readType } from "./read-boxes.ts";
import { describeCodec } from "./describe-codec.ts";

export type Fmp4Track = {
  readonly id: number;
  readonly kind: "video" | "audio" | "other";
  /** Ticks per second. */
  readonly timescale: number;
  /** RFC 6381 where it is known (`avc1.64001f`, `mp4a.40.2`), else the sample entry's four characters. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Defaults of a run that does not say it itself (`trex`). */
  readonly defaultDuration: number;
  readonly defaultSize: number;
  readonly defaultFlags: number;
};

/** What later fragments are judged by; plain JSON, so that it can be kept beside the take. */
export type Fmp4Init = { readonly tracks: readonly Fmp4Track[] };

export const MAX_INIT_BYTES = 1024 * 1024;
const MAX_TRACKS = 8;
const MAX_TIMESCALE = 1_000_000_000;

/**
 * Reads an init segment: exactly `ftyp` and `moov`, whole, with `mvex`, one to eight tracks, no samples of its own and
 * no data outside the file. Throws Fmp4Error. The bytes come from a camera: nothing in them is believed before it is bounded.
 */
export function readInit(bytes: Uint8Array): Fmp4Init {
  if (bytes.length === 0) throw new Fmp4Error("empty", "there are no bytes");
  if (bytes.length > MAX_INIT_BYTES) throw new Fmp4Error("too-large", "an init segment has at most 1 MiB");
  const boxes = readBoxes(bytes);
  const [first, second, third] = boxes;
  if (first?.type !== "ftyp") throw new Fmp4Error("box-missing", "an init segment begins with ftyp");
  if (second?.type !== "moov") throw new Fmp4Error("box-missing", "moov follows ftyp");
  if (third !== undefined) throw new Fmp4Error("box-unexpected", `${third.type} after moov`);

  const moov = readBoxes(bytes, second.body, second.end);
  oneBox(moov, "mvhd");
  if (!moov.some((box) => box.type === "mvex")) {
    throw new Fmp4Error("init-fragmentless", "without mvex this is a file, not the start of fragments");
  }
  const mvex = oneBox(moov, "mvex");
  const defaults = readDefaults(bytes, mvex);
  const traks = moov.filter((box) => box.type === "trak");
  if (traks.length > MAX_TRACKS)
    throw new Fmp4Error("too-many-tracks", `${traks.length} tracks; at most ${MAX_TRACKS} are taken`);
  const tracks = traks.map((trak) => readTrack(bytes, trak, defaults));
  if (new Set(tracks.map((track) => track.id)).size !== tracks.length) {
    throw new Fmp4Error("track-repeated", "two tracks have one id");
  }
  if (!tracks.some((track) => track.kind !== "other")) {
    throw new Fmp4Error("no-media-track", "there is neither picture nor sound");
  }
  return { tracks };
}

type Defaults = Pick<Fmp4Track, "defaultDuration" | "defaultSize" | "defaultFlags">;

function readDefaults(bytes: Uint8Array, mvex: Box): Map<number, Defaults> {
  const defaults = new Map<number, Defaults>();
  for (const box of readBoxes(bytes, mvex.body, mvex.end)) {
    if (box.type !== "trex") continue;
    const reader = new BoxReader(bytes, box);
    reader.full();
    const id = reader.u32();
    if (defaults.has(id)) throw new Fmp4Error("box-repeated", `track ${id} has two trex boxes`);
    reader.skip(4);
    defaults.set(id, { defaultDuration: reader.u32(), defaultSize: reader.u32(), defaultFlags: reader.u32() });
  }
  return defaults;
}

function readTrack(bytes: Uint8Array, trak: Box, defaults: ReadonlyMap<number, Defaults>): Fmp4Track {
  const boxes = readBoxes(bytes, trak.body, trak.end);
  const head = new BoxReader(bytes, oneBox(boxes, "tkhd"));
  const { version } = head.full();
  const id = head.skip(version === 1 ? 16 : 8).u32();
  if (id === 0) throw new Fmp4Error("track-invalid", "a track has the id 0");
  const own = defaults.get(id);
  if (own === undefined) throw new Fmp4Error("box-missing", `track ${id} has no trex`);

  const mdiaBox = oneBox(boxes, "mdia");
  const mdia = readBoxes(bytes, mdiaBox.body, mdiaBox.end);
  const mdhd = new BoxReader(bytes, oneBox(mdia, "mdhd"));
  const timescale = mdhd.skip(mdhd.full().version === 1 ? 16 : 8).u32();
  if (timescale === 0 || timescale > MAX_TIMESCALE) {
    throw new Fmp4Error("track-invalid", `track ${id} has ${timescale} ticks a second`);
  }
  const hdlr = new BoxReader(bytes, oneBox(mdia, "hdlr"));
  hdlr.full();
  const handler = readType(bytes, hdlr.skip(8).at - 4);
  const kind = handler === "vide" ? "video" : handler === "soun" ? "audio" : "other";

  const minfBox = oneBox(mdia, "minf");
  const minf = readBoxes(bytes, minfBox.body, minfBox.end);
  assertOwnData(bytes, minf);
  const stblBox = oneBox(minf, "stbl");
  const stbl = readBoxes(bytes, stblBox.body, stblBox.end);
  assertNoSamples(bytes, stbl);
  const { codec, width, height } = describeCodec(bytes, oneBox(stbl, "stsd"), kind);
  return { id, kind, timescale, codec, width, height, ...own };
}

/** A data reference may name a file or address to read from; only "in this file" is taken. */
function assertOwnData(bytes: Uint8Array, minf: readonly Box[]): void {
  const dinf = oneBox(minf, "dinf");
  const dref = oneBox(readBoxes(bytes, dinf.body, dinf.end), "dref");
  for (const entry of readBoxes(bytes, dref.body + 8, dref.end)) {
    const { flags } = new BoxReader(bytes, entry).full();
    if ((flags & 1) === 0) throw new Fmp4Error("external-data", "the samples would lie in another file");
  }
}

/** Sample tables of an init segment are empty: what they name would lie outside the fragments that are hashed. */
function assertNoSamples(bytes: Uint8Array, stbl: readonly Box[]): void {
  for (const box of stbl) {
    const reader = new BoxReader(bytes, box);
    let count = 0;
    if (box.type === "stsz" || box.type === "stz2") {
      reader.full();
      count = reader.skip(4).u32();
    } else if (box.type === "stts" || box.type === "stco" || box.type === "co64" || box.type === "stsc") {
      reader.full();
      count = reader.u32();
    }
    if (count > 0) throw new Fmp4Error("init-has-samples", `${box.type} names samples before the first fragment`);
  }
}

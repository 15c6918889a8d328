import { type Box, BoxReader, oneBox, readBoxes, readType } from "../fmp4/read-boxes.ts";
import { Fmp4Error } from "../fmp4/fmp4-error.ts";

/** One track of a whole (not fragmented) MP4: enough to find its samples. */
export interface MovieTrack {
  readonly id: number;
  /** `vide`, `soun`, `meta`, … */
  readonly handler: string;
  /** FourCC of the first sample entry: `avc1`, `gpmd`, … */
  readonly format: string;
  readonly timescale: number;
  readonly trak: Box;
  readonly table: Box;
}

// A 360° camera writes nine.
const MAX_TRACKS = 64;

/** The tracks of a `moov` box, given with its header. Throws Fmp4Error where the boxes are not whole. */
export function readMovie(moov: Uint8Array): MovieTrack[] {
  const outer = oneBox(readBoxes(moov), "moov");
  const traks = readBoxes(moov, outer.body, outer.end).filter((box) => box.type === "trak");
  if (traks.length > MAX_TRACKS) throw new Fmp4Error("too-many-tracks", `${traks.length} tracks`);
  return traks.map((trak) => readTrack(moov, trak));
}

function readTrack(moov: Uint8Array, trak: Box): MovieTrack {
  const inside = (box: Box): Box[] => readBoxes(moov, box.body, box.end);
  const boxes = inside(trak);
  const header = new BoxReader(moov, oneBox(boxes, "tkhd"));
  const id = header.skip(header.full().version === 1 ? 16 : 8).u32();
  const media = inside(oneBox(boxes, "mdia"));
  const clock = new BoxReader(moov, oneBox(media, "mdhd"));
  const timescale = clock.skip(clock.full().version === 1 ? 16 : 8).u32();
  if (timescale === 0) throw new Fmp4Error("track-invalid", `track ${id} has no time scale`);
  const handler = oneBox(media, "hdlr");
  if (handler.end - handler.body < 12) throw new Fmp4Error("box-truncated", `the handler of track ${id} is cut off`);
  const table = oneBox(inside(oneBox(media, "minf")), "stbl");
  const entries = oneBox(inside(table), "stsd");
  // Full box, count, then entries whose FourCC stands where any box has it.
  const format = entries.end - entries.body >= 16 ? readType(moov, entries.body + 12) : "????";
  return { id, handler: readType(moov, handler.body + 8), format, timescale, trak, table };
}

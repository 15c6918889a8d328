import type { TopBox, TopBoxes } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";

/** What of a file a decoder gets to see, and how large the file is to look. */
export interface CopyPlan {
  readonly size: number;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** Bytes the ranges take. */
  readonly bytes: number;
  /** Made of moof and mdat: the index is spread over the file. */
  readonly fragmented: boolean;
  /** False when what follows the first part was left out: lengths that are counted, not written, are then unknown. */
  readonly whole: boolean;
}

export interface CopyLimits {
  /** Files up to this are copied whole. */
  readonly whole: number;
  /** Most bytes of picture and sound from a larger file. */
  readonly media: number;
  /** Most bytes of its index. Three hours of video and sound need about 10 MiB. */
  readonly index: number;
}
const MiB = 1024 * 1024;
export const copyLimits: CopyLimits = { whole: 64 * MiB, media: 32 * MiB, index: 64 * MiB };

// What an MP4 or MOV can begin with; a text read as a box has an enormous one of another name.
const firstBoxes = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip"]);

/** Chooses the ranges from the file's top-level boxes. Throws `format-refused`, `unreadable`, `too-large`. */
export function planCopy(file: TopBoxes, size: number, limits: CopyLimits = copyLimits): CopyPlan {
  const { boxes } = file;
  const fragmented = boxes.some((box) => box.type === "moof");
  const moov = boxes.find((box) => box.type === "moov");
  if (!firstBoxes.has(boxes[0]?.type ?? ""))
    throw new MediaError(
      "format-refused",
      "This is no MP4 or MOV, whatever its name says. It is kept, and not opened.",
    );
  if (moov === undefined || moov.end > size) {
    // Some readers answer "no tracks" here and call it success.
    throw new MediaError(
      "unreadable",
      "Its index (moov) is missing: the recording was cut off before it was finished.",
    );
  }
  if (size <= limits.whole) return { size, ranges: [{ start: 0, end: size }], bytes: size, fragmented, whole: true };
  if (fragmented) return planFragments(boxes, limits);
  const ranges: { start: number; end: number }[] = [];
  let index = 0;
  for (const box of boxes) {
    if (box.type === "mdat") continue;
    index += box.end - box.start;
    if (index > limits.index) throw new MediaError("too-large", "Its index is larger than that of any real recording.");
    ranges.push({ start: box.start, end: Math.min(box.end, size) });
  }
  let left = limits.media;
  for (const box of boxes.filter(({ type }) => type === "mdat")) {
    const end = Math.min(box.end, size, box.start + left);
    if (end > box.start) ranges.push({ start: box.start, end });
    left -= Math.max(0, end - box.start);
  }
  ranges.sort((a, b) => a.start - b.start);
  return {
    size,
    ranges,
    bytes: ranges.reduce((sum, range) => sum + range.end - range.start, 0),
    fragmented,
    whole: false,
  };
}

/** The first fragments end on a whole box, so that what is cut away never looks like damage. */
function planFragments(boxes: readonly TopBox[], limits: CopyLimits): CopyPlan {
  const most = limits.index + limits.media;
  const fitting = boxes.filter((box) => box.end <= most);
  const end = fitting.findLast((box) => box.type === "mdat")?.end;
  if (end === undefined)
    throw new MediaError("too-large", "Its first fragment is larger than that of any real recording.");
  return { size: end, ranges: [{ start: 0, end }], bytes: end, fragmented: true, whole: false };
}

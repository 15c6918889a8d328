import { readType, viewOf } from "../fmp4/read-boxes.ts";

/** Bytes [start, end) of a file, exactly; whoever gives it decides where they come from. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>;

export interface TopBox {
  readonly type: string;
  readonly start: number;
  /** Where the box ends by its own word; may be beyond the file's end when it was cut off. */
  readonly end: number;
}
export interface TopBoxes {
  readonly boxes: TopBox[];
  /** Bytes that the last box announces and the file does not have. */
  readonly missing: number;
  /** True when the walk ended at `maxBoxes` and not at the file's end. */
  readonly more: boolean;
}

/**
 * The top-level boxes of an MP4 or MOV of any size, from 16 bytes each: a 12 GB file costs as little as a small one.
 * Ends at the first bytes that cannot be a box; what came before is answered all the same.
 */
export async function walkTopBoxes(read: ReadRange, size: number, maxBoxes: number): Promise<TopBoxes> {
  const boxes: TopBox[] = [];
  for (let at = 0; at < size;) {
    if (boxes.length === maxBoxes) return { boxes, missing: 0, more: true };
    const head = await read(at, Math.min(at + 16, size));
    if (head.length < 8) return { boxes, missing: 8 - head.length, more: false };
    const view = viewOf(head);
    let length = view.getUint32(0);
    if (length === 1) {
      if (head.length < 16) return { boxes, missing: 16 - head.length, more: false };
      length = Number(view.getBigUint64(8));
    } else if (length === 0) length = size - at;
    if (length < 8 || !Number.isSafeInteger(at + length)) return { boxes, missing: 0, more: false };
    boxes.push({ type: readType(head, 4), start: at, end: at + length });
    if (at + length > size) return { boxes, missing: at + length - size, more: false };
    at += length;
  }
  return { boxes, missing: 0, more: false };
}

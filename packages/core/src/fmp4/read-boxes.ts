import { Fmp4Error } from "./fmp4-error.ts";

/** One box (ISO/IEC 14496-12, 4.2): [start, end) in the bytes it was read from; the payload begins at `body`. */
export type Box = { readonly type: string; readonly start: number; readonly body: number; readonly end: number };

/** Most siblings that are read: an empty box is 8 bytes, and 64 MiB of them would become gigabytes of objects. */
const MAX_SIBLINGS = 5000;

/**
 * The boxes of [start, end), which they must fill exactly: `box-truncated` when the last one goes on beyond it,
 * `too-many-boxes` beyond 5000. A size of 0 ("to the end of the file") is refused: such a box is never known to be whole.
 */
export function readBoxes(bytes: Uint8Array, start = 0, end: number = bytes.length): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    if (boxes.length === MAX_SIBLINGS)
      throw new Fmp4Error("too-many-boxes", `more than ${MAX_SIBLINGS} boxes follow one another`);
    const box = readBox(bytes, at, end);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

function readBox(bytes: Uint8Array, at: number, end: number): Box {
  if (end - at < 8) throw new Fmp4Error("box-truncated", `${end - at} bytes at ${at} are no box`);
  const view = viewOf(bytes);
  let size = view.getUint32(at);
  let header = 8;
  if (size === 1) {
    if (end - at < 16) throw new Fmp4Error("box-truncated", `the box at ${at} ends inside its size`);
    size = safeNumber(view.getBigUint64(at + 8));
    header = 16;
  }
  const type = readType(bytes, at + 4);
  if (size < header) throw new Fmp4Error("box-size", `the ${type} box at ${at} says it has ${size} bytes`);
  if (size > end - at)
    throw new Fmp4Error("box-truncated", `the ${type} box at ${at} has ${end - at} of ${size} bytes`);
  return { type, start: at, body: at + header, end: at + size };
}

/** Four characters; bytes outside printable ASCII are shown as `?`, so that a message can hold them. */
export function readType(bytes: Uint8Array, at: number): string {
  let type = "";
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    type += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
  }
  return type;
}

/** The single box of this type among siblings: `box-missing`, `box-repeated`. */
export function oneBox(boxes: readonly Box[], type: string): Box {
  const [first, second] = boxes.filter((box) => box.type === type);
  if (first === undefined) throw new Fmp4Error("box-missing", `there is no ${type} box`);
  if (second !== undefined) throw new Fmp4Error("box-repeated", `there is more than one ${type} box`);
  return first;
}

/** Reads fields of one box in order, never beyond its end. */
export class BoxReader {
  readonly #view: DataView;
  readonly #box: Box;
  #at: number;

  constructor(bytes: Uint8Array, box: Box) {
    this.#view = viewOf(bytes);
    this.#box = box;
    this.#at = box.body;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#box.end - this.#at;
  }

  #take(count: number): number {
    if (this.left < count) throw new Fmp4Error("box-truncated", `the ${this.#box.type} box is shorter than its fields`);
    const at = this.#at;
    this.#at += count;
    return at;
  }

  skip(count: number): this {
    this.#take(count);
    return this;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  /** Refuses 2^53 and more (`number-too-large`): beyond it sums are no longer exact. */
  u64(): number {
    return safeNumber(this.#view.getBigUint64(this.#take(8)));
  }

  /** Version and flags of a full box. */
  full(): { version: number; flags: number } {
    const word = this.u32();
    return { version: word >>> 24, flags: word & 0xffffff };
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Fmp4Error("number-too-large", `${value} is 2^53 or more`);
  return Number(value);
}

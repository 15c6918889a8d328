/** Why a part of a GPMF payload was left out. Closed. */
export type GpmfRefusal =
  | "klv-truncated" // an element says it is longer than what holds it
  | "klv-too-deep"
  | "klv-too-many"
  | "stream-malformed" // SCAL, TYPE and values do not fit together
  | "no-lock" // the receiver had no fix: where it was is not known
  | "out-of-range"
  | "too-many-positions"
  | "payload-too-large";

/** One element: FourCC, type character (0 holds elements), bytes of one structure, how often, and its bytes. */
export interface Klv {
  readonly key: string;
  readonly type: number;
  readonly structSize: number;
  readonly repeat: number;
  readonly bytes: Uint8Array;
  readonly children: readonly Klv[];
}

const MAX_DEPTH = 8;
const MAX_ELEMENTS = 20_000;

/**
 * Reads GoPro's key-length-value form (gopro/gpmf-parser, README): 8 bytes of header, big endian, padded to 4.
 * What is broken is left out and told to `refuse`; what was whole before it is kept. Never throws on any bytes.
 */
export function readKlv(bytes: Uint8Array, refuse: (code: GpmfRefusal) => void): Klv[] {
  const budget = { left: MAX_ELEMENTS };
  return readLevel(bytes, 0, budget, refuse);
}

function readLevel(
  bytes: Uint8Array,
  depth: number,
  budget: { left: number },
  refuse: (code: GpmfRefusal) => void,
): Klv[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Klv[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const key = String.fromCharCode(...bytes.subarray(at, at + 4));
    // Zeroes fill the end of a payload that was reserved larger than it became.
    if (key === "\0\0\0\0") return found;
    const [type, structSize, repeat] = [view.getUint8(at + 4), view.getUint8(at + 5), view.getUint16(at + 6)];
    const size = structSize * repeat;
    const end = at + 8 + size;
    if (end > bytes.length) {
      refuse("klv-truncated");
      return found;
    }
    budget.left -= 1;
    if (budget.left < 0) {
      refuse("klv-too-many");
      return found;
    }
    const body = bytes.subarray(at + 8, end);
    let children: Klv[] = [];
    if (type === 0 && depth + 1 < MAX_DEPTH) children = readLevel(body, depth + 1, budget, refuse);
    else if (type === 0) refuse("klv-too-deep");
    found.push({ key, type, structSize, repeat, bytes: body, children });
    at = at + 8 + Math.ceil(size / 4) * 4;
  }
  return found;
}

const readers: Readonly<Record<string, { size: number; read: (view: DataView, at: number) => number }>> = {
  b: { size: 1, read: (view, at) => view.getInt8(at) },
  B: { size: 1, read: (view, at) => view.getUint8(at) },
  s: { size: 2, read: (view, at) => view.getInt16(at) },
  S: { size: 2, read: (view, at) => view.getUint16(at) },
  l: { size: 4, read: (view, at) => view.getInt32(at) },
  L: { size: 4, read: (view, at) => view.getUint32(at) },
  f: { size: 4, read: (view, at) => view.getFloat32(at) },
  d: { size: 8, read: (view, at) => view.getFloat64(at) },
  j: { size: 8, read: (view, at) => Number(view.getBigInt64(at)) },
  J: { size: 8, read: (view, at) => Number(view.getBigUint64(at)) },
};

/** The element's numbers, one row per structure, `most` of them; null where its type and size do not fit together. */
export function readNumbers(
  klv: Klv,
  complexType: string | null = null,
  most: number = Number.POSITIVE_INFINITY,
): number[][] | null {
  const letters = klv.type === 0x3f ? (complexType ?? "") : String.fromCharCode(klv.type);
  let kinds = letters.split("").map((letter) => readers[letter]);
  if (klv.type !== 0x3f) {
    const size = kinds[0]?.size ?? 0;
    if (size === 0 || klv.structSize % size !== 0) return null;
    kinds = Array.from({ length: klv.structSize / size }, () => kinds[0]);
  }
  if (kinds.length === 0 || kinds.some((kind) => kind === undefined)) return null;
  if (kinds.reduce((sum, kind) => sum + (kind?.size ?? 0), 0) !== klv.structSize) return null;
  const view = new DataView(klv.bytes.buffer, klv.bytes.byteOffset, klv.bytes.byteLength);
  const rows: number[][] = [];
  for (let at = 0; at + klv.structSize <= klv.bytes.length && rows.length < most;) {
    const row: number[] = [];
    for (const kind of kinds) {
      if (kind === undefined) return null;
      row.push(kind.read(view, at));
      at += kind.size;
    }
    rows.push(row);
  }
  return rows;
}

/** The element as text; GPMF pads with zeroes. */
export function readText(klv: Klv): string {
  return String.fromCharCode(...klv.bytes.subarray(0, 256)).replace(/\0+$/, "");
}

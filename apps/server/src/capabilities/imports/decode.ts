import { Problem, type TableEncoding } from "@sworn/contract";

export interface Decoded {
  readonly text: string;
  readonly encoding: TableEncoding;
  /** False: neither a mark nor the bytes themselves say so. */
  readonly sure: boolean;
}

const marks: readonly (readonly [TableEncoding, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** Bytes as text: as told, as their mark says, as what they can only be, or as what they look like. `table-unreadable`. */
export function decode(bytes: Uint8Array, told?: TableEncoding): Decoded {
  const marked = marks.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
  if (told !== undefined && marked !== undefined && told !== marked)
    throw new Problem("table-unreadable", `The file says of itself that it is ${marked}, not ${told}.`);
  const certain = told ?? marked;
  if (certain !== undefined) return { text: read(bytes, certain), encoding: certain, sure: true };
  const wide = looksWide(bytes);
  if (wide !== null) return { text: read(bytes, wide), encoding: wide, sure: false };
  try {
    return { text: read(bytes, "utf-8"), encoding: "utf-8", sure: true };
  } catch {
    return { text: read(bytes, "windows-1252"), encoding: "windows-1252", sure: false };
  }
}

function read(bytes: Uint8Array, encoding: TableEncoding): string {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("table-unreadable", `The file is not written in ${encoding}. Choose another encoding.`, {
      cause,
    });
  }
  // The database takes every character but this one, and no table has it.
  if (text.includes("\0")) throw new Problem("table-unreadable", "The file is not text, or not in this encoding.");
  return text;
}

/** Text of two bytes a letter without its mark: every other byte of what Latin letters are written in is zero. */
function looksWide(bytes: Uint8Array): TableEncoding | null {
  const head = bytes.subarray(0, 1000);
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (bytes.length % 2 !== 0 || Math.max(even, odd) < head.length / 4) return null;
  return even > odd ? "utf-16be" : "utf-16le";
}

import { concatBytes } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { TILE_WIDTH } from "./tile.ts";

const MAX_ENTRY = 0xffff;

/** Joins up to 256 log entries, each behind its big-endian 16-bit length (C2SP tlog-tiles). */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0 || entries.length > TILE_WIDTH) {
    throw new CoreError("entry-bundle-malformed", `a bundle holds 1 to ${TILE_WIDTH} entries, not ${entries.length}`);
  }
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY) throw new CoreError("entry-too-long", `an entry has ${entry.length} bytes`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** Splits a bundle of `width` entries; `entry-bundle-malformed` on anything missing or left over. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [high, low] = bytes.subarray(at, at + 2);
    if (high === undefined || low === undefined)
      throw new CoreError("entry-bundle-malformed", "the bundle ends inside a length");
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) throw new CoreError("entry-bundle-malformed", "the bundle ends inside an entry");
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  if (entries.length !== width)
    throw new CoreError("entry-bundle-malformed", `expected ${width} entries, found ${entries.length}`);
  return entries;
}

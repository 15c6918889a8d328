import { Fmp4Error } from "./fmp4-error.ts";
import { readType, viewOf } from "./read-boxes.ts";

export type Fmp4Unit = { readonly kind: "init" | "fragment"; readonly bytes: Uint8Array };

export type Fmp4Splitter = {
  /** Takes the next bytes of the stream; gives the units that are now whole. */
  push(chunk: Uint8Array): Fmp4Unit[];
  /** Bytes of a unit that is not whole yet: what a crash of the encoder leaves. */
  readonly pending: number;
};

const MAX_UNIT = 16 * 1024 * 1024;

/**
 * Cuts an encoder's fMP4 stream (ffmpeg `frag_keyframe+empty_moov+default_base_moof+skip_trailer+skip_sidx`) into its
 * init segment and one unit per moof+mdat. Boxes behind the last mdat (an mfra trailer) never leave it.
 */
export function createSplitter(): Fmp4Splitter {
  let buffer = new Uint8Array(64 * 1024);
  let filled = 0;
  let scanned = 0; // end of the last whole box

  function push(chunk: Uint8Array): Fmp4Unit[] {
    reserve(filled + chunk.length);
    buffer.set(chunk, filled);
    filled += chunk.length;
    const units: Fmp4Unit[] = [];
    for (let size = wholeBox(); size > 0; size = wholeBox()) {
      const type = readType(buffer, scanned + 4);
      scanned += size;
      if (type === "moov" || type === "mdat") {
        units.push({ kind: type === "moov" ? "init" : "fragment", bytes: buffer.slice(0, scanned) });
        buffer.copyWithin(0, scanned, filled);
        filled -= scanned;
        scanned = 0;
      }
    }
    return units;
  }

  function wholeBox(): number {
    const left = filled - scanned;
    if (left < 8) return 0;
    const view = viewOf(buffer);
    let size = view.getUint32(scanned);
    if (size === 1) {
      if (left < 16) return 0;
      size = Number(view.getBigUint64(scanned + 8));
    }
    if (size < 8) throw new Fmp4Error("box-size", "the encoder wrote a box of no size");
    if (scanned + size > MAX_UNIT) throw new Fmp4Error("too-large", "the encoder wrote a unit of more than 16 MiB");
    return size <= left ? size : 0;
  }

  function reserve(size: number): void {
    if (size <= buffer.length) return;
    const larger = new Uint8Array(Math.max(size, buffer.length * 2));
    larger.set(buffer.subarray(0, filled));
    buffer = larger;
  }

  return {
    push,
    get pending() {
      return filled;
    },
  };
}

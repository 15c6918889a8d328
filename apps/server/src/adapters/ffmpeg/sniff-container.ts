/** A container that is opened: the demuxer forced with -f, and the only names -format_whitelist lets through. */
export interface Container {
  readonly name: "mp4" | "mov";
  readonly demuxer: string;
  readonly formats: string;
}

const isoFormats = { demuxer: "mov", formats: "mov,mp4,m4a,3gp,3g2,mj2" } as const;
// What a file of this family may begin with. Old QuickTime has no ftyp.
const firstBoxes = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip"]);
// The same boxes, but pictures: their decoders are none that a camera's video needs.
const pictureBrands = new Set(["avif", "avis", "heic", "heix", "mif1", "msf1"]);

/** How many bytes `sniffContainer` wants to see. */
export const SNIFF_LENGTH = 16;

/**
 * Judges a file by its first bytes and never by its name. Null: not a container that is opened. Text playlists,
 * concat lists, SVG, DASH manifests, XBIN and AVI all end here, before any decoder sees them.
 */
export function sniffContainer(head: Uint8Array): Container | null {
  if (head.length < SNIFF_LENGTH) return null;
  const text = (from: number): string => String.fromCharCode(...head.subarray(from, from + 4));
  const size = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (!firstBoxes.has(text(4))) return null;
  // 0: to the end of the file; 1: a 64-bit size follows. ASCII where a size belongs would be over 500 MiB.
  if (size !== 0 && size !== 1 && size < 8) return null;
  if (text(4) !== "ftyp") return { name: "mov", ...isoFormats };
  if (size < 16 || size > 4096 || pictureBrands.has(text(8))) return null;
  return { name: text(8) === "qt  " ? "mov" : "mp4", ...isoFormats };
}

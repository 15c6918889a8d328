/** Bytes at the start of a file that decide what it is. */
export const SNIFF_BYTES = 16;

export type Container = "mp4" | "mov";

// QuickTime files from before ftyp, and those of cameras that write the atoms of a movie straight away.
const movAtoms = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);
// ISO base media that is no video: pictures (HEIF, AVIF, CR3) and JPEG 2000.
const pictureBrands = new Set([
  "heic",
  "heix",
  "heim",
  "heis",
  "hevc",
  "hevx",
  "mif1",
  "msf1",
  "avif",
  "avis",
  "crx ",
  "jp2 ",
  "jpx ",
]);

/**
 * What the first bytes say, never the name: `more` while there are too few of them and the file goes on. ISO/IEC
 * 14496-12 `ftyp` decides between MP4 and MOV (brand `qt  `); without it only a QuickTime atom of a credible size passes.
 */
export function sniffContainer(start: Uint8Array, wholeFile: boolean): Container | "more" | "refused" {
  if (start.length < SNIFF_BYTES && !wholeFile) return "more";
  if (start.length < 8) return "refused";
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.length);
  const size = bytes.readUInt32BE(0);
  const type = bytes.toString("latin1", 4, 8);
  if (type === "ftyp") {
    const brand = bytes.toString("latin1", 8, 12);
    if (size < 16 || size > 4096 || brand.length < 4 || pictureBrands.has(brand)) return "refused";
    return brand === "qt  " ? "mov" : "mp4";
  }
  // Size 0: to the end of the file; 1: a 64-bit size follows. Otherwise at least its own header.
  const credible = size >= 8 || (type === "mdat" && size <= 1);
  return movAtoms.has(type) && credible ? "mov" : "refused";
}

export const mediaTypeOf: Readonly<Record<Container, string>> = { mp4: "video/mp4", mov: "video/quicktime" };

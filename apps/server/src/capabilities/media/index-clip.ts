import { readDefaults, readMoof, readMovie, walkTopBoxes, type ReadRange } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";

/**
 * The `sidx` of a fragmented file that an encoder wrote in one pass (ISO/IEC 14496-12, 8.16.3), and where it belongs:
 * with it a player knows the length and finds a moment without reading all of the file.
 */
export async function indexClip(
  read: ReadRange,
  size: number,
): Promise<{ readonly at: number; readonly sidx: Uint8Array; readonly durationMs: number }> {
  const { boxes } = await walkTopBoxes(read, size, 100_000);
  const moov = boxes.find(({ type }) => type === "moov");
  const moofs = boxes.filter(({ type }) => type === "moof");
  const first = moofs[0];
  if (moov === undefined || first === undefined || boxes.some(({ end }) => end > size))
    throw new MediaError("crashed", "The encoder ended before the clip was whole.");
  const index = await read(moov.start, moov.end);
  const track = readMovie(index).find(({ handler }) => handler === "vide");
  if (track === undefined) throw new MediaError("crashed", "The encoder wrote no picture.");
  const defaults = readDefaults(index, track.id);
  const parts: { start: number; size: number; duration: number }[] = [];
  for (const [n, moof] of moofs.entries()) {
    const samples = readMoof(await read(moof.start, moof.end), moof.start, track.id, defaults, 100_000);
    const duration = samples.reduce((sum, sample) => sum + sample.duration, 0);
    const start = samples[0] === undefined ? 0 : samples[0].start + samples[0].shift;
    parts.push({ start, size: (moofs[n + 1]?.start ?? size) - moof.start, duration });
  }
  if (parts.length > 0xffff) throw new MediaError("too-large", "The clip has more pieces than an index can hold.");
  const total = parts.reduce((sum, { duration }) => sum + duration, 0);
  const box = Buffer.alloc(32 + 12 * parts.length);
  box.writeUInt32BE(box.length, 0);
  box.write("sidx", 4, "latin1");
  box.writeUInt32BE(0, 8); // version 0
  box.writeUInt32BE(track.id, 12);
  box.writeUInt32BE(track.timescale, 16);
  box.writeUInt32BE(Math.max(0, parts[0]?.start ?? 0), 20);
  box.writeUInt32BE(0, 24); // the first piece follows at once
  box.writeUInt32BE(parts.length, 28);
  for (const [n, part] of parts.entries()) {
    box.writeUInt32BE(part.size, 32 + 12 * n);
    box.writeUInt32BE(part.duration, 36 + 12 * n);
    box.writeUInt32BE(0x9000_0000, 40 + 12 * n); // begins with a key frame
  }
  return { at: first.start, sidx: box, durationMs: Math.round((total * 1000) / track.timescale) };
}

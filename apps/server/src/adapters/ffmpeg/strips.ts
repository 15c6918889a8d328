import { MediaError, type Storyboard } from "../../ports/media.ts";

type Layout = { columns: number; rows: number; within: { width: number; height: number } };

/** Writes one line with the time of each picture, then one JPEG of them all: both on standard output, in this order. */
export function storyboardOutput({ columns, rows, within }: Layout): string[] {
  const size = `${Math.trunc(within.width)}:${Math.trunc(within.height)}`;
  const scale = `scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=area`;
  // `tile` knows no times. `metadata` prints them, for frames that carry some, hence the mark; `direct`: at once, so
  // that they stand before the picture, which comes last of all.
  const times = `setsar=1,metadata=mode=add:key=mark:value=1,metadata=mode=print:key=mark:file=pipe\\\\:1:direct=1`;
  const filter = `${scale},${times},tile=${Math.trunc(columns)}x${Math.trunc(rows)}`;
  const output = ["-frames:v", "1", "-c:v", "mjpeg", "-q:v", "5", "-map_metadata", "-1", "-f", "image2pipe", "pipe:1"];
  return ["-map", "0:v:0", "-vf", filter, "-threads", "2", ...output];
}

/** Mono 16-bit samples; silence where the file has none, so that the n-th sample is n / rate seconds in. */
export function soundOutput(rate: number): string[] {
  const filter = `aresample=${Math.trunc(rate)}:async=1:first_pts=0`;
  return ["-map", "0:a:0", "-af", filter, "-ac", "1", "-ar", String(Math.trunc(rate)), "-f", "s16le", "pipe:1"];
}

/** Takes the answer apart again. The picture is ours: it was encoded by mjpeg in the box, and only its size is read. */
export function readTiles(output: Buffer, { columns, rows }: Layout): Storyboard {
  const start = output.indexOf(Buffer.from([0xff, 0xd8]));
  if (start < 0) throw new MediaError("unreadable", "No picture could be decoded.");
  const jpeg = output.subarray(start);
  const seconds = output
    .subarray(0, start)
    .toString("latin1")
    .matchAll(/pts_time:(-?[0-9.e+-]+)$/gm);
  const times = [...seconds].map(([, text]) => Math.round(Number(text) * 1000)).slice(0, columns * rows);
  const { width, height } = sizeOf(jpeg);
  if (times.length === 0 || times.some((ms) => !Number.isSafeInteger(ms)))
    throw new MediaError("unreadable", "The pictures of this file have no times.");
  return { jpeg: new Uint8Array(jpeg), tileWidth: width / columns, tileHeight: height / rows, times };
}

/** From its frame header (ITU-T T.81, B.2.2). */
function sizeOf(jpeg: Buffer): { width: number; height: number } {
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2)
      return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
  }
  throw new MediaError("unreadable", "The decoder's answer is no picture.");
}

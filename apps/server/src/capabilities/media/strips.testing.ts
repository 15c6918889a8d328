import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "./copy-to-scratch.ts";

const ffmpeg = (...args: string[]): Buffer =>
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args], { maxBuffer: 256 * 1024 * 1024 });

/**
 * A clip of which every second has a brightness of its own (a staircase of 20 steps) and a key frame; its sound is
 * quiet in the first half and loud in the second.
 */
export function makeStaircase(
  folder: string,
  name: string,
  {
    seconds,
    sound,
    size = "320x180",
    more = [],
  }: { seconds: number; sound: boolean; size?: string; more?: readonly string[] },
): Buffer {
  const picture = `color=gray:size=${size}:rate=10:duration=${seconds},geq=lum='40+8*mod(floor(T+0.01),20)':cb=128:cr=128`;
  const loud = `sine=frequency=440:duration=${seconds},volume='if(lt(t,${seconds / 2}),0.5,5)':eval=frame`;
  const inputs = ["-f", "lavfi", "-i", picture, ...(sound ? ["-f", "lavfi", "-i", loud, "-c:a", "aac"] : [])];
  const video = "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -g 10 -keyint_min 10 -sc_threshold 0".split(" ");
  const file = join(folder, name);
  ffmpeg(...inputs, ...video, ...more, file);
  return readFileSync(file);
}

/** Which step of the staircase each tile of a storyboard shows. */
export function stepsOf(jpeg: Uint8Array, columns: number, count: number, folder: string): number[] {
  const file = join(folder, "tiles.jpg");
  execFileSync("tee", [file], { input: jpeg, stdio: ["pipe", "ignore", "inherit"] });
  const filter = `untile=${columns}x${Math.ceil(count / columns)},scale=1:1:flags=area:out_range=full,format=gray`;
  const levels = ffmpeg("-i", file, "-vf", filter, "-f", "rawvideo", "pipe:1");
  return [...levels.subarray(0, count)].map((level) => Math.round((16 + (level * 219) / 255 - 40) / 8));
}

/** A file of any size made of a few real bytes and zeroes, which counts what is read of it. */
export function virtualFile(
  size: number,
  parts: readonly { at: number; bytes: Buffer }[],
): SourceFile & { read(): number } {
  let read = 0;
  return {
    size,
    read: () => read,
    async *bytes(start, end) {
      for (let at = start; at < end; at += 1024 * 1024) {
        const piece = Buffer.alloc(Math.min(1024 * 1024, end - at));
        for (const part of parts) {
          const [from, to] = [Math.max(at, part.at), Math.min(at + piece.length, part.at + part.bytes.length)];
          if (from < to) part.bytes.copy(piece, from - at, from - part.at, to - part.at);
        }
        read += piece.length;
        await Promise.resolve();
        yield piece;
      }
    },
  };
}

/** The same clip with its index `size` bytes away from its picture: the size says nothing about what is in it. */
export function stretched(clip: Buffer, size: number): SourceFile & { read(): number } {
  const mdat = clip.indexOf("mdat") - 4;
  const moov = clip.lastIndexOf("moov") - 4;
  // ffmpeg leaves an empty box in front of mdat, so that the size can become 64 bits wide.
  if (clip.toString("latin1", mdat - 4, mdat) !== "free") throw new Error("no room for a wide mdat");
  const head = Buffer.from(clip.subarray(0, moov));
  const index = clip.subarray(moov);
  head.writeUInt32BE(1, mdat - 8);
  head.write("mdat", mdat - 4, "latin1");
  head.writeBigUInt64BE(BigInt(size - index.length - (mdat - 8)), mdat);
  return virtualFile(size, [
    { at: 0, bytes: head },
    { at: size - index.length, bytes: index },
  ]);
}

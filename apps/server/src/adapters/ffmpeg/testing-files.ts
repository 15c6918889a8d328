import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mediaUser } from "./open-ffmpeg.ts";

/** A scratch folder as the media jobs make it: the decoder's own, and nobody else's. Remove it after the test. */
export function makeScratch(): {
  folder: string;
  put(name: string, bytes: Uint8Array | string): string;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "sworn-media-test-"));
  const user = mediaUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  return {
    folder,
    put(name, bytes) {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      chmodSync(file, 0o644);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes a small file with the system's ffmpeg, unboxed: `args` are everything before the output. */
export function generate(file: string, ...args: string[]): string {
  execFileSync("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", "-y", ...args, file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return file;
}

/** Two seconds of moving test picture and a tone, H.264 and AAC. */
const picture = "testsrc2=size=320x180:rate=15:duration=2";
const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "15"];
const inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=duration=2"];
export const testPicture = [...inputs, ...h264, "-c:a", "aac", "-f", "mp4"];

/** A stand-in for a decoder: answers `-version` as ffmpeg does, then runs `script`. */
export function stub(folder: string, script: string): { ffmpeg: string; ffprobe: string } {
  const file = join(folder, "stub");
  writeFileSync(file, `#!/bin/bash\nif [ "$1" = -version ]; then echo "ffmpeg version stub"; exit; fi\n${script}\n`);
  chmodSync(file, 0o755);
  chmodSync(folder, 0o755);
  return { ffmpeg: file, ffprobe: file };
}

import { spawnSync } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSplitter, readInit, rebaseFragment } from "@sworn/core";

const MIB = 1 << 20;
const filler = randomBytes(MIB);

/** A file that is made while it is sent: ffmpeg's ftyp and moov, a name nobody else has, then filler in an mdat. */
export interface GeneratedFile {
  readonly size: number;
  /** Bytes [start, end), in pieces of at most 1 MiB. */
  pieces(start: number, end: number): Iterable<Uint8Array>;
}

export function generateFile(head: Uint8Array, size: number): GeneratedFile {
  const name = Buffer.from(randomUUID());
  const free = Buffer.alloc(8);
  free.writeUInt32BE(8 + name.length);
  free.write("free", 4, "latin1");
  const mdat = Buffer.alloc(16);
  mdat.writeUInt32BE(1);
  mdat.write("mdat", 4, "latin1");
  const before = head.length + free.length + name.length;
  mdat.writeBigUInt64BE(BigInt(size - before), 8);
  const start = Buffer.concat([head, free, name, mdat]);
  return {
    size,
    *pieces(from, to) {
      for (let at = from; at < to;) {
        const inHead = at < start.length;
        const within = inHead ? at : (at - start.length) % MIB;
        const piece = (inHead ? start : filler).subarray(within, within + Math.min(MIB, to - at));
        yield piece;
        at += piece.length;
      }
    },
  };
}

/** A short real MP4 whose moov stands first. */
export function makeHead(folder: string): Uint8Array {
  const path = join(folder, "head.mp4");
  encode("-t 2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -movflags +faststart", path);
  const bytes = readFileSync(path);
  rmSync(path);
  return bytes;
}

export interface Timeline {
  readonly init: Uint8Array;
  readonly initSha256: Buffer;
  /** Second `n` of an endless recording: the same bytes for every camera, so that the client hashes them once. */
  fragment(n: number): { bytes: Uint8Array; sha256: Buffer };
}

/** About `megabits` Mbit/s of real H.264, a key frame each second, repeated with rising times. */
export function makeTimeline(folder: string, megabits: number, seconds = 10): Timeline {
  const path = join(folder, "fragments.mp4");
  const rate = `${megabits}M`;
  const x264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -keyint_min 25 -sc_threshold 0 -bf 0";
  const constant = `-b:v ${rate} -minrate ${rate} -maxrate ${rate} -bufsize ${rate} -x264-params nal-hrd=cbr`;
  const fragments = "-movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer";
  encode(`-t ${seconds} -vf noise=alls=60:allf=t ${x264} ${constant} ${fragments}`, path);
  const units = createSplitter().push(readFileSync(path));
  rmSync(path);
  const [init, ...made] = units.map((unit) => unit.bytes);
  if (init === undefined || made.length < seconds) throw new Error("ffmpeg made no fragments");
  const facts = readInit(init);
  const cache = new Map<number, { bytes: Uint8Array; sha256: Buffer }>();
  return {
    init,
    initSha256: createHash("sha256").update(init).digest(),
    fragment(n) {
      const known = cache.get(n);
      if (known !== undefined) return known;
      const base = made[n % seconds] ?? init;
      const bytes = rebaseFragment(base, facts, {
        shiftMs: Math.floor(n / seconds) * seconds * 1000,
        sequence: n + 1,
      });
      const made1 = { bytes, sha256: createHash("sha256").update(bytes).digest() };
      cache.set(n, made1);
      cache.delete(n - 30); // a camera that is half a minute behind makes its own again
      return made1;
    },
  };
}

function encode(options: string, path: string): void {
  const source = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"];
  const args = ["-nostdin", "-v", "error", "-y", ...source, ...options.split(" "), path];
  const { status, stderr, error } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ffmpeg failed: ${stderr} ${error?.message ?? ""}`);
}

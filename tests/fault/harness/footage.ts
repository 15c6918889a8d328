import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSplitter } from "@sworn/core";
import { labelBytes } from "./random.ts";

/** What everything that is sent is made from: real H.264 and AAC out of ffmpeg, once as a file, once as fragments. */
export interface Footage {
  readonly file: Uint8Array;
  readonly init: Uint8Array;
  /** One second each, key frame first. */
  readonly fragments: readonly Uint8Array[];
}

const source = [
  ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10"],
  ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000"],
].flat();
const codecs = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10 -keyint_min 10 -sc_threshold 0 -c:a aac -ac 1";

/** `seconds` of footage; also the number of fragments, give or take one. */
export function makeFootage(folder: string, seconds = 20): Footage {
  const plain = join(folder, "plain.mp4");
  const fragmented = join(folder, "fragmented.mp4");
  encode(["-t", String(seconds), "-movflags", "+faststart", plain]);
  encode(["-t", String(seconds), "-movflags", "frag_keyframe+empty_moov+default_base_moof+skip_trailer", fragmented]);
  const splitter = createSplitter();
  const units = splitter.push(readFileSync(fragmented));
  const init = units.find((unit) => unit.kind === "init");
  const fragments = units.flatMap((unit) => (unit.kind === "fragment" ? [unit.bytes] : []));
  if (init === undefined || fragments.length < seconds - 1) throw new Error("ffmpeg made no fragments");
  return { file: readFileSync(plain), init: init.bytes, fragments };
}

function encode(rest: readonly string[]): void {
  const args = ["-nostdin", "-v", "error", "-y", ...source, ...codecs.split(" "), ...rest];
  const { status, stderr, error } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ffmpeg failed: ${stderr} ${error?.message ?? ""}`);
}

/** The footage with a `free` box behind it whose bytes nobody else has: no two uploads are the same file. */
export function uniqueFile(footage: Footage, label: string, size: number): Buffer {
  const rest = size - footage.file.length - 8;
  if (rest < 0) throw new RangeError(`a file of ${size} bytes is too short for the footage`);
  return Buffer.concat([footage.file, boxHeader("free", rest), labelBytes(label, rest)]);
}

/** As a camera leaves it whose battery fails: sound and picture, and no index to find them by. */
export function withoutIndex(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf("moov", 0, "latin1") - 4;
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + bytes.readUInt32BE(at))]);
}

/** A fragment with an `emsg` box before its moof that says whose it is: mixed-up recordings are seen at once. */
export function uniqueFragment(footage: Footage, label: string, n: number, padding = 0): Buffer {
  const fragment = footage.fragments[n];
  if (fragment === undefined) throw new RangeError(`there is no fragment ${n}`);
  const times = Buffer.alloc(24); // version and flags, timescale, time, duration, id
  times.writeUInt8(1);
  times.writeUInt32BE(1000, 4);
  const name = Buffer.from(`urn:sworn:fault\0${label} ${n}\0`);
  const message = Buffer.concat([times, name, labelBytes(`${label} ${n}`, padding)]);
  return Buffer.concat([boxHeader("emsg", message.length), message, fragment]);
}

function boxHeader(type: string, payload: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(payload + 8);
  header.write(type, 4, "latin1");
  return header;
}

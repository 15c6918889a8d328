import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeReel } from "@sworn/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mediaUser, openFfmpeg } from "../../adapters/ffmpeg/index.ts";
import { MediaError } from "../../ports/media.ts";
import { makeStoryboard } from "./make-storyboard.ts";
import { makeWaveform } from "./make-waveform.ts";
import { createPeakMeter } from "./measure-peaks.ts";
import { pickFrames } from "./pick-frames.ts";
import { asMedia, readIndex } from "./read-index.ts";
import { openScratch, type Scratch } from "./scratch.ts";
import { makeStaircase, stepsOf, stretched, virtualFile } from "./strips.testing.ts";

// What must not grow with the file: bytes read of it, and scratch. Real ffmpeg in its box, files that are mostly holes.
const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const never = new AbortController().signal;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folder = mkdtempSync(join(tmpdir(), "sworn-big-strips-"));
const media = openFfmpeg({ log, mediaSandbox: "required", hide: [] });
let scratch: Scratch;
let used = 0;

beforeAll(async () => {
  const real = await openScratch({
    memory: "/dev/shm",
    disk: join(folder, "disk"),
    maxMemory: GiB,
    user: mediaUser(),
  });
  scratch = {
    use(bytes, work) {
      used = Math.max(used, bytes);
      return real.use(bytes, work);
    },
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seconds = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Made large by a box that nobody reads, so that the sound is gathered from the fragments. */
function padded(clip: Buffer): ReturnType<typeof virtualFile> {
  const free = Buffer.from([0x10, 0, 0, 0, ...Buffer.from("free")]);
  return virtualFile(clip.length + GiB / 4, [
    { at: 0, bytes: clip },
    { at: clip.length, bytes: free },
  ]);
}

interface Layout {
  readonly columns: number;
  readonly tiles: readonly number[];
}

describe("12 GB with its index at the end", () => {
  test("storyboard and waveform from less than 2 MiB of it", async () => {
    const clip = makeStaircase(folder, "clip.mp4", { seconds: 20, sound: true });
    const source = stretched(clip, 12 * GiB);
    used = 0;
    const storyboard = await makeStoryboard({ media, scratch }, source, never);
    const { columns, tiles } = storyboard.layout as Layout;
    expect(tiles).toEqual(Array.from({ length: 20 }, (_, i) => i * 1000));
    expect(stepsOf(storyboard.bytes, columns, 20, folder)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const waveform = await makeWaveform({ media, scratch }, source, never);
    expect(Math.abs(waveform.count - 200)).toBeLessThanOrEqual(1);
    expect(waveform.bytes[150] ?? 0).toBeGreaterThan((waveform.bytes[50] ?? 0) * 6);
    expect([source.read() < 2 * MiB, used < MiB]).toEqual([true, true]);
  });
});

const fragments = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"];

describe("three minutes in fragments", () => {
  test("a hundred tiles, each with the brightness of its time; sound with its place", async () => {
    const clip = makeStaircase(folder, "fragments.mp4", { seconds: 180, sound: true, size: "64x36", more: fragments });
    const source = virtualFile(clip.length, [{ at: 0, bytes: clip }]);
    used = 0;
    const storyboard = await makeStoryboard({ media, scratch }, source, never);
    const { columns, tiles } = storyboard.layout as Layout;
    expect([columns, tiles.length]).toEqual([10, 100]);
    // Without an edit list the encoder's look-ahead delays the picture against the sound, and players show it so.
    const [late = -1] = tiles;
    expect([late, (tiles.at(-1) ?? 0) >= 177_000]).toEqual([200, true]);
    const steps = tiles.slice(1).map((ms, i) => ms - (tiles[i] ?? 0));
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([1000, 2000]);
    const shown = stepsOf(storyboard.bytes, columns, 100, folder);
    expect(shown).toEqual(tiles.map((ms) => Math.floor((ms - late) / 1000) % 20));
    expect(used).toBeLessThan(MiB);

    const waveform = await makeWaveform({ media, scratch }, padded(clip), never);
    expect(Math.abs(waveform.count - 1802)).toBeLessThanOrEqual(2);
    expect(waveform.bytes[1500] ?? 0).toBeGreaterThan((waveform.bytes[300] ?? 0) * 6);
  });

  test("a stretch that was lost on the way is a jump of the tiles and a silence of the sound, not a shift", async () => {
    const whole = makeStaircase(folder, "lost.mp4", { seconds: 60, sound: true, size: "64x36", more: fragments });
    const starts = [...whole.toString("latin1").matchAll(/moof/g)].map(({ index }) => index - 4);
    const clip = Buffer.concat([whole.subarray(0, starts[20]), whole.subarray(starts[40])]);
    const source = padded(clip);
    const storyboard = await makeStoryboard({ media, scratch }, source, never);
    const { columns, tiles } = storyboard.layout as Layout;
    expect(tiles.map((ms) => Math.floor(ms / 1000))).toEqual([...seconds(0, 20), ...seconds(40, 60)]);
    const shown = stepsOf(storyboard.bytes, columns, 40, folder);
    expect(shown).toEqual([...seconds(0, 20), ...seconds(40, 60)].map((second) => second % 20));
    const { bytes } = await makeWaveform({ media, scratch }, source, never);
    expect(Math.max(...bytes.subarray(215, 395))).toBe(0);
    expect(Math.min(...bytes.subarray(410, 590))).toBeGreaterThan((bytes[100] ?? 0) * 6);
  });
});

test("sound that names the same bytes for ever ends", async () => {
  const clip = makeStaircase(folder, "loop.mp4", { seconds: 2, sound: true, size: "64x36" });
  // The sizes of the sound's samples, all at once: every one as large as all of them.
  const table = clip.lastIndexOf("stsz") + 4;
  clip.writeUInt32BE(10_000, table + 4);
  await expect(makeWaveform({ media, scratch }, stretched(clip, GiB), never)).resolves.toBeDefined();
  clip.writeUInt32BE(15 * MiB, table + 4);
  const lying = stretched(clip, 65 * MiB);
  await expect(makeWaveform({ media, scratch }, lying, never)).rejects.toMatchObject({ code: "unreadable" });
});

test("a file with any byte of its index changed: frames inside the file, or a refusal in our words", async () => {
  const clip = makeStaircase(folder, "fuzz.mp4", { seconds: 2, sound: true, size: "64x36" });
  const fragmented = makeStaircase(folder, "fuzz-f.mp4", { seconds: 2, sound: true, size: "64x36", more: fragments });
  let refused = 0;
  for (const original of [clip, fragmented])
    for (let at = original.indexOf("moov"); at < (original === clip ? clip.length : 3000); at++) {
      const bytes = Buffer.from(original);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8)) ^ 0x80;
      const source = virtualFile(bytes.length, [{ at: 0, bytes }]);
      try {
        const index = await readIndex(source, never);
        const { track, frames } = await pickFrames(source, index, never);
        asMedia(() =>
          writeReel(
            index.ftyp,
            index.moov,
            track,
            1000,
            frames.map(({ size }) => ({ size, duration: 1000 })),
          ),
        );
        const inside = frames.every(({ offset, size }) => offset >= 0 && size > 0 && offset + size <= bytes.length);
        expect(inside, `byte ${at}`).toBe(true);
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(MediaError);
        refused += 1;
      }
    }
  expect(refused).toBeGreaterThan(100);
});

test("a file whose tables lie is refused in our words, with nothing decoded", async () => {
  const clip = makeStaircase(folder, "lies.mp4", { seconds: 2, sound: false });
  const at = clip.indexOf("stss") + 8;
  clip.writeUInt32BE(0xffff_fff0, at);
  const source = virtualFile(clip.length, [{ at: 0, bytes: clip }]);
  await expect(makeStoryboard({ media, scratch }, source, never)).rejects.toMatchObject({ code: "unreadable" });
});

describe("the meter", () => {
  test("widens its steps for long sound, keeps the largest swing, and bears pieces of odd length", () => {
    const meter = createPeakMeter(8000, 10);
    const loud = Buffer.alloc(1600);
    for (let i = 0; i < loud.length; i += 2) loud.writeInt16LE(i === 800 ? -32_768 : 10, i);
    meter.push(loud.subarray(0, 801));
    meter.push(loud.subarray(801));
    meter.seek(5000);
    meter.push(loud);
    const { stepMs, peaks } = meter.finish();
    expect(stepMs).toBe(600);
    expect([...peaks]).toEqual([255, 0, 0, 0, 0, 0, 0, 0, 255]);
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { mediaUser, openFfmpeg } from "../../adapters/ffmpeg/index.ts";
import { type SourceFile, withScratchCopy } from "./copy-to-scratch.ts";
import { copyLimits, planCopy } from "./plan-copy.ts";
import { openScratch, type Scratch } from "./scratch.ts";

const root = mkdtempSync(join(tmpdir(), "sworn-scratch-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const GiB = 1024 ** 3;
const never = new AbortController().signal;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const open = (maxMemory: number): Promise<Scratch> =>
  openScratch({ memory: "/dev/shm", disk: join(root, "disk"), maxMemory, user: mediaUser() });

describe("scratch", () => {
  test("is memory where there is room, and empty afterwards, also after a failure", async () => {
    const scratch = await open(1024 * 1024);
    let where = "";
    const failing = scratch.use(1000, async (folder) => {
      where = folder.path;
      const file = await folder.create("source", 10);
      await file.write(0, Buffer.from("plaintext!"));
      await file.finish();
      expect(readFileSync(file.path, "utf8")).toBe("plaintext!");
      expect([statSync(file.path).mode & 0o777, statSync(folder.path).mode & 0o777]).toEqual([0o400, 0o700]);
      throw new Error("decoder failed");
    });
    await expect(failing).rejects.toThrow("decoder failed");
    expect(dirname(where)).toBe("/dev/shm");
    expect(existsSync(where)).toBe(false);
  });

  test("goes to the disk where memory is short, and overwrites what it wrote", async () => {
    const scratch = await open(100);
    // A second name for the same bytes: what is left under it is what a thief of the disk would find.
    const kept = join(root, "kept");
    await scratch.use(1000, async (folder) => {
      expect(dirname(folder.path)).toBe(join(root, "disk"));
      const file = await folder.create("source", 5_000_000);
      await file.write(4_000_000, Buffer.from("plaintext!"));
      await file.finish();
      linkSync(file.path, kept);
      expect(readFileSync(kept).includes("plaintext!")).toBe(true);
    });
    const left = readFileSync(kept);
    expect([left.length, left.includes("plaintext!")]).toEqual([5_000_000, false]);
    expect(readdirSync(join(root, "disk"))).toEqual([]);
  });

  test("what a killed process left is wiped at the next start; a running neighbour's is not touched", async () => {
    const { pid: dead } = spawnSync("true");
    const leftover = join(root, "disk", `sworn-scratch-${dead}-0123456789abcdef01`);
    const neighbour = join(root, "disk", `sworn-scratch-1-0123456789abcdef01`);
    for (const folder of [leftover, neighbour]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "source"), "plaintext!");
    }
    const kept = join(root, "kept-leftover");
    linkSync(join(leftover, "source"), kept);
    await open(0);
    expect([existsSync(leftover), existsSync(neighbour)]).toEqual([false, true]);
    expect(readFileSync(kept, "utf8")).not.toContain("plaintext!");
  });
});

/** A file of any size made of a few real bytes and zeroes, which counts what is read of it. */
function virtual(size: number, parts: { at: number; bytes: Buffer }[]): SourceFile & { read(): number } {
  let read = 0;
  return {
    size,
    read: () => read,
    async *bytes(start, end) {
      for (let at = start; at < end; at += 1024 * 1024) {
        const piece = Buffer.alloc(Math.min(1024 * 1024, end - at));
        for (const part of parts) {
          const from = Math.max(at, part.at);
          const to = Math.min(at + piece.length, part.at + part.bytes.length);
          if (from < to) part.bytes.copy(piece, from - at, from - part.at, to - part.at);
        }
        read += piece.length;
        await Promise.resolve();
        yield piece;
      }
    },
  };
}

test("a 12 GB file with its index at the end: facts and poster from less than 40 MiB", async () => {
  const small = join(root, "small.mp4");
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
  execFileSync("ffmpeg", [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x180:rate=10:duration=4",
    ...encode,
    small,
  ]);
  const bytes = readFileSync(small);
  // ffmpeg leaves an empty box in front of mdat, so that the size can become 64 bits wide.
  const mdat = bytes.indexOf("mdat") - 4;
  const moov = bytes.lastIndexOf("moov") - 4;
  expect(bytes.toString("latin1", mdat - 4, mdat)).toBe("free");
  const head = Buffer.from(bytes.subarray(0, moov));
  const size = 12 * GiB;
  const index = bytes.subarray(moov);
  head.writeUInt32BE(1, mdat - 8);
  head.write("mdat", mdat - 4, "latin1");
  head.writeBigUInt64BE(BigInt(size - index.length - (mdat - 8)), mdat);
  const source = virtual(size, [
    { at: 0, bytes: head },
    { at: size - index.length, bytes: index },
  ]);
  const media = openFfmpeg({ log, mediaSandbox: "required", hide: [] });
  const scratch = await open(GiB);
  await withScratchCopy(scratch, source, never, async (copy) => {
    expect([copy.plan.whole, copy.missing]).toEqual([false, 0]);
    expect(statSync(copy.path).size).toBe(size);
    expect(statSync(copy.path).blocks * 512).toBeLessThan(40 * 1024 * 1024);
    expect(await media.probe(copy.path)).toMatchObject({ durationMs: 4000, video: { codec: "h264", width: 320 } });
    const jpeg = await media.poster(copy.path, { atMs: 2000, width: 320 });
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  });
  expect(source.read()).toBeLessThan(40 * 1024 * 1024);
});

describe("what is copied of a large file", () => {
  const box = (type: string, start: number, end: number): { type: string; start: number; end: number } => ({
    type,
    start,
    end,
  });
  const plan = (boxes: ReturnType<typeof box>[], size: number): ReturnType<typeof planCopy> =>
    planCopy({ boxes, missing: 0, more: false }, size);

  test("of fragments, the first ones, ending on a whole box", () => {
    const fragments = Array.from({ length: 300 }, (_, i) => [
      box("moof", 1000 + i * 1_000_000, 2000 + i * 1_000_000),
      box("mdat", 2000 + i * 1_000_000, 1000 + (i + 1) * 1_000_000),
    ]).flat();
    const made = plan([box("ftyp", 0, 24), box("moov", 24, 1000), ...fragments], 300_001_000);
    expect(made).toMatchObject({ fragmented: true, whole: false, size: 100_001_000 });
    expect(made.bytes).toBeLessThanOrEqual(copyLimits.index + copyLimits.media);
  });
  test("an index as large as the file is refused, not copied", () => {
    expect(() => plan([box("ftyp", 0, 24), box("moov", 24, 5 * GiB)], 5 * GiB)).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
  });
  test("a first fragment without end is refused, not copied", () => {
    const boxes = [box("ftyp", 0, 24), box("moov", 24, 1000), box("moof", 1000, 2000), box("mdat", 2000, 5 * GiB)];
    expect(() => plan(boxes, 5 * GiB)).toThrow(expect.objectContaining({ code: "too-large" }));
  });
  test("an index that the end of the file cuts off is no index", () => {
    expect(() => plan([box("ftyp", 0, 24), box("moov", 24, 2000)], 1000)).toThrow(
      expect.objectContaining({ code: "unreadable" }),
    );
  });
});

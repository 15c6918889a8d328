import { describe, expect, it } from "vitest";
import { readMovie } from "../mp4/index.ts";
import { Fmp4Error } from "./fmp4-error.ts";
import { readFragment } from "./read-fragment.ts";
import type { Fmp4Init } from "./read-init.ts";

// Small or cheap to send, and once minutes or gigabytes to read: these run on the server's one thread.

const MUCH_MS = 3000;
const init: Fmp4Init = {
  tracks: [
    {
      id: 1,
      kind: "video",
      timescale: 90_000,
      codec: "avc1",
      width: 64,
      height: 64,
      defaultDuration: 1,
      defaultSize: 0,
      defaultFlags: 0,
    },
  ],
};

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};
const box = (type: string, ...inside: Buffer[]): Buffer => {
  const body = Buffer.concat(inside);
  return Buffer.concat([words(body.length + 8), Buffer.from(type, "latin1"), body]);
};
const many = (count: number, of: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => of));

function refusal(work: () => unknown): string {
  const before = process.cpuUsage();
  try {
    work();
  } catch (error) {
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(MUCH_MS);
    return error instanceof Fmp4Error ? error.code : String(error);
  }
  return "taken";
}

describe("bytes that are cheap to send", () => {
  it("does not count the samples of one track twenty thousand times", () => {
    const run = box("trun", words(1, 100_000, 8)); // 20 bytes for 100,000 samples
    const traf = box("traf", box("tfhd", words(0x2_0000, 1)), box("tfdt", words(0, 0)), run);
    const moof = box("moof", box("mfhd", words(0, 1)), many(4000, traf));
    expect(refusal(() => readFragment(Buffer.concat([moof, box("mdat")]), init))).toBe("track-repeated");
  });

  it("does not list two million empty boxes of a fragment", () => {
    expect(refusal(() => readFragment(many(2_000_000, box("styp")), init))).toBe("too-many-boxes");
  });

  it("does not list eight million empty boxes of an index", () => {
    const moov = box("moov", Buffer.alloc(64 * 1024 * 1024, box("free")));
    expect(refusal(() => readMovie(moov))).toBe("too-many-boxes");
  });

  it("does not read thousands of tracks", () => {
    expect(refusal(() => readMovie(box("moov", many(65, box("trak")))))).toBe("too-many-tracks");
  });
});

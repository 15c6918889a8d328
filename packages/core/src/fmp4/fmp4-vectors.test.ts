import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Fmp4Error, type Fmp4Tail, followFragment, readFragment, readInit } from "./index.ts";

type Edit =
  | { op: "cut"; to: number }
  | { op: "set" | "insert"; at: number; hex: string }
  | { op: "remove"; at: number; length: number }
  | { op: "replace"; unit: number };
type Vector = { description: string; base: string; target: number; edits: Edit[]; order: number[]; expect: string };

const folder = new URL("../../../../vectors/fmp4/", import.meta.url);
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const base = (load("valid-av.json") as { units: string[] }).units.map((unit) => Buffer.from(unit, "base64"));
const names = readdirSync(folder).filter((name) => name.startsWith("refused-"));

function edit(bytes: Buffer, change: Edit): Buffer {
  if (change.op === "cut") return bytes.subarray(0, change.to);
  if (change.op === "replace") return base[change.unit] ?? bytes;
  const to = change.op === "remove" ? change.at + change.length : change.at;
  const middle = change.op === "remove" ? Buffer.alloc(0) : Buffer.from(change.hex, "hex");
  const skip = change.op === "set" ? middle.length : 0;
  return Buffer.concat([bytes.subarray(0, change.at), middle, bytes.subarray(to + skip)]);
}

function read(units: readonly Uint8Array[]): Fmp4Tail | null {
  const [first = new Uint8Array(), ...rest] = units;
  const init = readInit(first);
  let tail: Fmp4Tail | null = null;
  for (const unit of rest) tail = followFragment(tail, readFragment(unit, init), init);
  return tail;
}

describe("fMP4 vectors", () => {
  it("takes the recording that all others are made from", () => {
    expect(base).toHaveLength(4);
    const init = readInit(base[0] ?? new Uint8Array());
    expect(init.tracks.map((track) => [track.kind, track.codec, track.timescale, track.width, track.height])).toEqual([
      ["video", "avc1.42c00a", 10240, 64, 48],
      ["audio", "mp4a.40.2", 8000, 0, 0],
    ]);
    expect(read(base)).toEqual({
      sequence: 3,
      tracks: { 1: { start: 21791, end: 32031 }, 2: { start: 17408, end: 25024 } },
    });
  });

  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const vector = load(name) as Vector;
    it(`${name}: ${vector.description}`, () => {
      const units = vector.order.map((unit) => {
        const bytes = base[unit] ?? Buffer.alloc(0);
        return unit === vector.target ? vector.edits.reduce(edit, bytes) : bytes;
      });
      let code = "accepted";
      try {
        read(units);
      } catch (error) {
        if (!(error instanceof Fmp4Error)) throw error;
        code = error.code;
      }
      expect(code).toBe(vector.expect);
    });
  }
});

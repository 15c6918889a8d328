import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Fmp4Error, createSplitter, followFragment, readFragment, readInit, rebaseFragment } from "./index.ts";

const file = new URL("../../../../vectors/fmp4/valid-av.json", import.meta.url);
const { units } = JSON.parse(readFileSync(file, "utf8")) as { units: string[] };
const [initBytes, ...fragments] = units.map((unit) => new Uint8Array(Buffer.from(unit, "base64"))) as [
  Uint8Array,
  ...Uint8Array[],
];
const init = readInit(initBytes);
const fragment = fragments[0] ?? new Uint8Array();

/** "ok", or the code of the refusal; anything that is not an Fmp4Error is a crash and fails the test. */
function judge(read: () => unknown): string {
  try {
    read();
    return "ok";
  } catch (error) {
    if (error instanceof Fmp4Error) return error.code;
    throw error;
  }
}

it("takes nothing that was cut, at any byte", () => {
  for (let length = 0; length < fragment.length; length++)
    expect(judge(() => readFragment(fragment.subarray(0, length), init))).not.toBe("ok");
  for (let length = 0; length < initBytes.length; length++)
    expect(judge(() => readInit(initBytes.subarray(0, length)))).not.toBe("ok");
});

it("never crashes and never hangs on changed bytes", () => {
  const change = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 8 });
  const alter = (bytes: Uint8Array, changes: readonly { at: number; byte: number }[], within: number): Uint8Array => {
    const copy = bytes.slice();
    for (const { at, byte } of changes) copy[at % within] = byte;
    return copy;
  };
  // Structure lies in the first 700 bytes; what follows is picture, which nothing here reads.
  fc.assert(
    fc.property(change, (changes) => {
      judge(() => followFragment(null, readFragment(alter(fragment, changes, 700), init), init));
      judge(() => readFragment(fragment, readInit(alter(initBytes, changes, initBytes.length))));
    }),
    { numRuns: 4000 },
  );
});

it("never crashes on bytes that are no MP4", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(judge(() => readInit(bytes))).not.toBe("ok");
      expect(judge(() => readFragment(bytes, init))).not.toBe("ok");
    }),
  );
});

it("reads from a view into a larger buffer as from a buffer of its own", () => {
  const wide = new Uint8Array(fragment.length + 100).fill(0xee);
  wide.set(fragment, 37);
  expect(readFragment(wide.subarray(37, 37 + fragment.length), init)).toEqual(readFragment(fragment, init));
});

it("cuts a stream into the same units however it arrives", () => {
  const stream = Buffer.concat([initBytes, ...fragments]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const splitter = createSplitter();
      const found: Uint8Array[] = [];
      let at = 0;
      for (let i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        found.push(...splitter.push(stream.subarray(at, at + size)).map((unit) => unit.bytes));
        at += size;
      }
      expect(found).toEqual([initBytes, ...fragments]);
      expect(splitter.pending).toBe(0);
    }),
    { numRuns: 50 },
  );
});

it("keeps the incomplete end of a stream to itself", () => {
  const splitter = createSplitter();
  const cut = fragment.subarray(0, fragment.length - 1);
  expect(splitter.push(Buffer.concat([initBytes, cut])).map((unit) => unit.kind)).toEqual(["init"]);
  expect(splitter.pending).toBe(cut.length);
});

it("takes a fragment of several parts and judges each part's time", () => {
  const parts = Buffer.concat(fragments);
  const read = readFragment(parts, init);
  expect(read.parts.map((part) => [part.start, part.end])).toEqual([
    [0, 3019],
    [3019, 4972],
    [4972, 7201],
  ]);
  expect([read.startMs, read.durationMs]).toEqual([0, 3128]);
  const wrong = Buffer.concat([fragments[1] ?? fragment, fragment]);
  expect(judge(() => followFragment(null, readFragment(wrong, init), init))).toBe("sequence");
});

it("moves a fragment in time without touching its samples", () => {
  const moved = rebaseFragment(fragment, init, { shiftMs: 5000, sequence: 90 });
  const read = readFragment(moved, init);
  expect([read.startMs, read.parts[0]?.sequence]).toEqual([5000, 90]);
  const back = rebaseFragment(moved, init, { shiftMs: -5000, sequence: 1 });
  expect(Buffer.from(back).equals(fragment)).toBe(true);
  expect(judge(() => rebaseFragment(fragment, init, { shiftMs: -1, sequence: 1 }))).toBe("time-back");
});

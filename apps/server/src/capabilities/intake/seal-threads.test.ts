import { createHash, randomBytes } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { unseal } from "@sworn/core";
import { nodeSealCrypto } from "@sworn/core/node";
import { afterAll, describe, expect, it } from "vitest";
import { startSealThreads } from "./seal-threads.ts";
import { type SealStream, sealStream } from "./seal-stream.ts";

const threads = startSealThreads(1);
afterAll(async () => await threads.stop());

/** As a store does: a piece is copied before the next is asked for, since its buffer comes back filled anew. */
async function collect(sealed: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of sealed) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}
const options = (): { key: Uint8Array; context: Uint8Array } => ({
  key: randomBytes(32),
  context: Buffer.from("a span"),
});
function pieces(bytes: Buffer, size: number): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(bytes.subarray(at, at + size));
  return out;
}

for (const [where, seal] of [
  ["in a thread", threads.sealStream],
  ["on this one", sealStream],
] as [string, SealStream][])
  describe(`sealing ${where}`, () => {
    it("gives an object that opens to the same bytes, and says what they were, for any length and cut", async () => {
      for (const length of [1, 16_383, 16_384, 65_536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000])
        for (const size of [65_536, 1 << 20, 3_000_001, 777_777]) {
          const bytes = randomBytes(length);
          const sealing = options();
          const { sealed, facts } = seal(pieces(bytes, size), sealing);
          const object = await collect(sealed);
          expect(
            Buffer.from(unseal(object, { ...sealing, crypto: nodeSealCrypto })).equals(bytes),
            `${length} by ${size}`,
          ).toBe(true);
          expect(facts()).toMatchObject({ size: length, crc32: crc32(bytes) });
          expect(createHash("sha256").update(bytes).digest().equals(facts().sha256)).toBe(true);
        }
    });

    it("keeps many spans apart", async () => {
      await Promise.all(
        Array.from({ length: 12 }, async (_, i) => {
          const bytes = randomBytes(2_000_000 + i);
          const sealing = options();
          const { sealed } = seal(pieces(bytes, 100_000), sealing);
          expect(Buffer.from(unseal(await collect(sealed), { ...sealing, crypto: nodeSealCrypto })).equals(bytes)).toBe(
            true,
          );
        }),
      );
    });

    it("hands on what the source throws, and goes on with others when a reader gives up", async () => {
      async function* failing(): AsyncIterable<Uint8Array> {
        yield randomBytes(3_000_000);
        await Promise.resolve();
        throw new Error("the camera went away");
      }
      await expect(collect(seal(failing(), options()).sealed)).rejects.toThrow("the camera went away");
      for await (const _ of seal([randomBytes(9_000_000)], options()).sealed) break;
      const given = seal([Buffer.from("x")], options());
      expect(() => given.facts()).toThrow();
      await collect(given.sealed);
      expect(given.facts().size).toBe(1);
    });
  });

it("spans that break off give their memory back, to spans that come out right", async () => {
  const shared = new Set<ArrayBufferLike>();
  for (let i = 0; i < 40; i++) {
    const bytes = randomBytes(1_500_000);
    // The source goes on for a while after its reader has gone, as a connection does.
    async function* source(): AsyncIterable<Uint8Array> {
      for (const piece of pieces(bytes, 100_000)) {
        yield piece;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    for await (const piece of threads.sealStream(source(), options()).sealed) {
      shared.add(piece.buffer);
      break;
    }
    const sealing = options();
    const whole = await collect(threads.sealStream(pieces(bytes, 65_536), sealing).sealed);
    expect(Buffer.from(unseal(whole, { ...sealing, crypto: nodeSealCrypto })).equals(bytes)).toBe(true);
  }
  expect(shared.size).toBeLessThan(16); // 40 without giving back
});

it("bytes that come late for a span that broke off never land in the memory of another", async () => {
  const own = startSealThreads(1);
  try {
    let late = (): void => undefined;
    let ended = (): void => undefined;
    const done = new Promise<void>((resolve) => (ended = resolve));
    // 300 KiB: one step sealed, and a second slot taken and not yet full, when the reader gives up.
    async function* brokenOff(): AsyncIterable<Uint8Array> {
      try {
        yield Buffer.alloc(300 * 1024, 0xaa);
        await new Promise<void>((resolve) => (late = resolve));
        yield Buffer.alloc(1000, 0xbb);
      } finally {
        ended();
      }
    }
    for await (const _ of own.sealStream(brokenOff(), options()).sealed) break;
    await new Promise((resolve) => setTimeout(resolve, 100)); // the thread has answered: both slots are free again
    const bytes = randomBytes(500_000);
    const sealing = options();
    async function* source(): AsyncIterable<Uint8Array> {
      yield bytes.subarray(0, 450_000); // both slots are in use: the second is not full yet
      late();
      await done;
      yield bytes.subarray(450_000);
    }
    const { sealed, facts } = own.sealStream(source(), sealing);
    const object = await collect(sealed);
    expect(Buffer.from(unseal(object, { ...sealing, crypto: nodeSealCrypto })).equals(bytes)).toBe(true);
    expect(createHash("sha256").update(bytes).digest().equals(facts().sha256)).toBe(true);
  } finally {
    await own.stop();
  }
});

it("a thread that dies refuses its spans and is replaced", async () => {
  const created: Worker[] = [];
  const own = startSealThreads(1, (worker) => created.push(worker));
  try {
    let killed = false;
    async function* slow(): AsyncIterable<Uint8Array> {
      for (let i = 0; i < 20; i++) {
        yield randomBytes(1 << 20);
        if (i === 5 && !killed) {
          killed = true;
          await created[0]?.terminate();
        }
      }
    }
    await expect(collect(own.sealStream(slow(), options()).sealed)).rejects.toMatchObject({ code: "busy" });
    const bytes = randomBytes(100);
    const sealing = options();
    const object = await collect(own.sealStream([bytes], sealing).sealed);
    expect(Buffer.from(unseal(object, { ...sealing, crypto: nodeSealCrypto })).equals(bytes)).toBe(true);
    expect(created).toHaveLength(2);
  } finally {
    await own.stop();
  }
});

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The blob-store port as the suite sees it (the server's ports depend on nothing here, nor this on them). */
export interface SuiteBlobStore {
  put(
    key: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: { readBack?: "now" | "later"; sha256?: () => Uint8Array },
  ): Promise<{ size: number; sha256: Uint8Array }>;
  get(key: string, range?: { start: number; length?: number }): AsyncIterable<Uint8Array>;
  size(key: string): Promise<number>;
  list(): AsyncIterable<{ key: string; size: number; modifiedAt: number }>;
  remove(key: string): Promise<void>;
  free(): Promise<{ free: number; total: number } | null>;
}

/** What every blob store must hold, whatever it is made of. `makeStore` gives an empty one. */
export function blobStoreSuite(
  name: string,
  makeStore: () => Promise<{ store: SuiteBlobStore; end: () => Promise<void> }>,
): void {
  describe(`blob store contract: ${name}`, () => {
    let store: SuiteBlobStore;
    let end: () => Promise<void>;
    beforeAll(async () => ({ store, end } = await makeStore()));
    afterAll(async () => await end());

    const collect = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
      const parts: Uint8Array[] = [];
      for await (const part of source) parts.push(part);
      return Buffer.concat(parts);
    };
    const keys = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const entry of store.list()) found.push(entry.key);
      return found;
    };
    const refused = async (work: Promise<unknown>): Promise<unknown> =>
      await work.then(
        () => "not refused",
        (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
      );

    for (const readBack of ["now", "later"] as const) {
      it(`gives back what was put, whole and in ranges (read back ${readBack})`, async () => {
        const bytes = randomBytes(3 * (1 << 20) + 17);
        const key = randomUUID();
        const pieces = [bytes.subarray(0, 5), bytes.subarray(5, 1 << 20), bytes.subarray(1 << 20)];
        const facts = await store.put(key, pieces, { readBack });
        expect(facts.size).toBe(bytes.length);
        expect(Buffer.from(facts.sha256)).toEqual(createHash("sha256").update(bytes).digest());
        expect(await store.size(key)).toBe(bytes.length);
        expect((await collect(store.get(key))).equals(bytes)).toBe(true);
        const end = bytes.length;
        for (const [start, length] of [
          [0, 1],
          [end - 1, 1],
          [(1 << 20) - 1, 2],
          [0, end],
          [end, 0],
        ] as const)
          expect((await collect(store.get(key, { start, length }))).equals(bytes.subarray(start, start + length))).toBe(
            true,
          );
        expect((await collect(store.get(key, { start: 7 }))).equals(bytes.subarray(7))).toBe(true);
      });
    }

    it("holds what it reads back against a hash that the caller knows", async () => {
      const bytes = randomBytes(100_000);
      const sha256 = createHash("sha256").update(bytes).digest();
      const key = randomUUID();
      const wrong = store.put(key, [bytes], { readBack: "now", sha256: () => Buffer.alloc(32) });
      expect(await refused(wrong)).toBe("mismatch");
      expect(await refused(store.size(key))).toBe("missing");
      const facts = await store.put(key, [bytes], { readBack: "now", sha256: () => sha256 });
      expect(Buffer.from(facts.sha256)).toEqual(sha256);
    });

    it("keeps an object without bytes and keys with folders", async () => {
      const key = `${randomUUID()}/ab/${randomUUID()}`;
      expect((await store.put(key, [])).size).toBe(0);
      expect((await collect(store.get(key))).length).toBe(0);
      expect(await keys()).toContain(key);
    });

    it("refuses a key that exists and keeps the first bytes", async () => {
      const key = randomUUID();
      await store.put(key, [Buffer.from("first")]);
      expect(await refused(store.put(key, [Buffer.from("second")]))).toBe("exists");
      expect((await collect(store.get(key))).toString()).toBe("first");
    });

    it("lets exactly one of many racing writers win", async () => {
      const key = randomUUID();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => await refused(store.put(key, [Buffer.alloc(100_000, i)]))),
      );
      expect(outcomes.filter((outcome) => outcome === "not refused")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "exists")).toHaveLength(7);
      const winner = outcomes.indexOf("not refused");
      expect((await collect(store.get(key))).equals(Buffer.alloc(100_000, winner))).toBe(true);
    });

    it("leaves nothing under the name when the source fails", async () => {
      const key = randomUUID();
      async function* failing(): AsyncIterable<Uint8Array> {
        yield Buffer.alloc(2 << 20);
        await Promise.resolve();
        throw new Error("the camera went away");
      }
      await expect(store.put(key, failing())).rejects.toThrow("the camera went away");
      expect(await refused(store.size(key))).toBe("missing");
      expect(await keys()).not.toContain(key);
      await store.put(key, [Buffer.from("again")]); // the name is free
    });

    it("says what is missing and what is out of range", async () => {
      const key = randomUUID();
      expect(await refused(collect(store.get(key)))).toBe("missing");
      expect(await refused(store.size(key))).toBe("missing");
      expect(await refused(store.remove(key))).toBe("missing");
      await store.put(key, [Buffer.alloc(10)]);
      for (const range of [{ start: 11 }, { start: 5, length: 6 }, { start: -1 }, { start: 2, length: -1 }])
        expect(await refused(collect(store.get(key, range)))).toBe("out-of-range");
    });

    it("refuses keys that Sworn would not have made", async () => {
      for (const key of [
        "",
        "/",
        "../a",
        "a/../b",
        "A",
        "a//b",
        "/a",
        "a/",
        "a\0",
        "a b",
        ".incoming/a",
        "a".repeat(301),
      ])
        for (const work of [store.put(key, []), store.size(key), collect(store.get(key)), store.remove(key)])
          expect(await refused(work), JSON.stringify(key)).toBe("bad-key");
    });

    it("lists every object once and forgets what was removed", async () => {
      const kept = randomUUID();
      const gone = randomUUID();
      for (const key of [kept, gone]) await store.put(key, [Buffer.from(key)]);
      await store.remove(gone);
      const listed = await keys();
      expect(listed.filter((key) => key === kept)).toHaveLength(1);
      expect(listed).not.toContain(gone);
      expect(new Set(listed).size).toBe(listed.length);
      expect(await refused(collect(store.get(gone)))).toBe("missing");
    });

    it("tells free space or null", async () => {
      const space = await store.free();
      if (space !== null) expect(space.free).toBeLessThanOrEqual(space.total);
    });
  });
}

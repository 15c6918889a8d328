import { createHash } from "node:crypto";
import { serveBroken } from "./serve-broken.ts";

// BROKEN: an object store that says "durable" at once and writes half a second later, as a cache in front of it might.
const WRITE_BACK_MS = 500;
const held = new Map<string, Buffer>();
await serveBroken({
  blobStore: (real) => ({
    async put(key, bytes) {
      const parts: Uint8Array[] = [];
      for await (const part of bytes) parts.push(part.slice());
      const whole = Buffer.concat(parts);
      held.set(key, whole);
      setTimeout(() => void real.put(key, [whole]).then(() => held.delete(key)), WRITE_BACK_MS);
      return { size: whole.length, sha256: createHash("sha256").update(whole).digest() };
    },
    async *get(key, range) {
      const whole = held.get(key);
      const start = range?.start ?? 0;
      const end = range?.length === undefined ? whole?.length : start + range.length;
      if (whole === undefined) yield* real.get(key, range);
      else yield whole.subarray(start, end);
    },
    size: (key) => (held.has(key) ? Promise.resolve(held.get(key)?.length ?? 0) : real.size(key)),
    list: () => real.list(),
    remove: (key) => real.remove(key),
    free: () => real.free(),
  }),
});

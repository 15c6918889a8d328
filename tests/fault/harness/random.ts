import { createCipheriv, createHash } from "node:crypto";

/** A seeded source of chance: the same seed gives the same storm, as far as the machine's own timing allows. */
export interface Random {
  readonly seed: number;
  /** 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** An independent source: what one worker draws must not change what another one draws. */
  fork(label: string): Random;
}

/** mulberry32: 32 bits of state are plenty for choosing moments. Never for keys. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    seed,
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick(list) {
      const chosen = list[Math.floor(next() * list.length)];
      if (chosen === undefined) throw new RangeError("nothing to pick from");
      return chosen;
    },
    fork: (label) => createRandom(createHash("sha256").update(`${seed} ${label}`).digest().readUInt32LE()),
  };
}

/** `size` bytes that depend on the label alone and do not compress (an AES-CTR key stream). */
export function labelBytes(label: string, size: number): Buffer {
  const key = createHash("sha256").update(label).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

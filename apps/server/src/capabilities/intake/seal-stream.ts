import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { createSealer } from "@sworn/core";
import { nodeSealCrypto } from "@sworn/core/node";

/** Crypto calls get this much at a time: small enough not to hold up other connections, large enough to be cheap. */
const STEP = 1 << 20;

export interface PlainFacts {
  size: number;
  sha256: Uint8Array;
  crc32: number;
  /** Of the sealed bytes. */
  sealedSha256: Uint8Array;
}

/** Seals a stream under a fresh salt while hashing its plain and its sealed bytes; `facts` are there once the stream has ended. */
export type SealStream = (
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { key: Uint8Array; context: Uint8Array },
) => { sealed: AsyncIterable<Uint8Array>; facts: () => PlainFacts };

/**
 * Seals on the calling thread: for small things, and where no threads were started (seal-threads.ts). Holds one step of
 * plain and one of sealed bytes, whatever the length.
 */
export const sealStream: SealStream = (bytes, options) => {
  const sealer = createSealer({ ...options, salt: randomBytes(24), crypto: nodeSealCrypto });
  const hash = createHash("sha256");
  const sealedHash = createHash("sha256");
  let crc = 0;
  let size = 0;
  let facts: PlainFacts | null = null;

  async function* run(): AsyncIterable<Uint8Array> {
    for await (const step of gather(bytes)) {
      hash.update(step);
      crc = crc32(step, crc);
      size += step.length;
      for (const part of sealer.update(step)) {
        sealedHash.update(part);
        yield part;
      }
    }
    for (const part of sealer.final()) {
      sealedHash.update(part);
      yield part;
    }
    facts = { size, sha256: hash.digest(), crc32: crc, sealedSha256: sealedHash.digest() };
  }
  return {
    sealed: run(),
    facts() {
      if (facts === null) throw new Error("the facts of a span are known only at its end");
      return facts;
    },
  };
};

/** Pieces of any size into steps. The buffer is used again: whoever takes a step is done with it before the next. */
async function* gather(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(STEP);
  let filled = 0;
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length;) {
      if (filled === 0 && piece.length - at >= STEP) {
        yield piece.subarray(at, at + STEP);
        at += STEP;
        continue;
      }
      const taken = Math.min(STEP - filled, piece.length - at);
      buffer.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === STEP) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

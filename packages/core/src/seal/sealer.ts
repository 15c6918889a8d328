import { concatBytes } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { deriveMessageKey, setChunkNonce } from "./derive-message-key.ts";
import { type SealCrypto, pureSealCrypto } from "./seal-crypto.ts";
import {
  SEALED_CHUNK_LENGTH,
  SEAL_CHUNK_LENGTH,
  SEAL_HEADER_LENGTH,
  SEAL_MAX_CHUNKS,
  SEAL_TAG_LENGTH,
  sealedLength,
} from "./seal-format.ts";

export type SealOptions = {
  /** 32 random bytes, for this object alone. */
  key: Uint8Array;
  /** 24 random bytes; never the same twice under one key. */
  salt: Uint8Array;
  /** What the object is (see `sealContext`); opening needs the same bytes. */
  context: Uint8Array;
  crypto?: SealCrypto;
};

export type Sealer = {
  /** Sealed bytes that are ready now (none while a chunk fills up); write them one after the other. */
  update(plaintext: Uint8Array): Uint8Array[];
  /** The last bytes. Without them the object is recognisably truncated. */
  final(): Uint8Array[];
};

/**
 * Encrypts a stream into a C2SP chunked-encryption message (Cobblestone-256). The header leaves with the first result. Nothing
 * of the caller's buffers is kept. `seal-key-length`, `seal-salt-length`, `seal-too-long`, `seal-finished`.
 */
export function createSealer(options: SealOptions): Sealer {
  const crypto = options.crypto ?? pureSealCrypto;
  const chunks = startChunks(crypto, options);
  const pending = new Uint8Array(SEAL_CHUNK_LENGTH);
  let filled = 0;
  let header: Uint8Array | undefined = chunks.header;
  let finished = false;

  function takeHeader(): Uint8Array[] {
    const first = header === undefined ? [] : [header];
    header = undefined;
    return first;
  }

  function update(plaintext: Uint8Array): Uint8Array[] {
    if (finished) throw new CoreError("seal-finished", "the object is sealed");
    const ready = Math.floor((filled + plaintext.length) / SEAL_CHUNK_LENGTH);
    let at = 0;
    if (ready === 0) {
      pending.set(plaintext, filled);
      filled += plaintext.length;
      return takeHeader();
    }
    const out = crypto.allocate(ready * SEALED_CHUNK_LENGTH);
    let written = 0;
    if (filled > 0) {
      at = SEAL_CHUNK_LENGTH - filled;
      pending.set(plaintext.subarray(0, at), filled);
      written = chunks.next(pending, out, 0);
    }
    // Whole chunks are sealed straight from the caller's buffer.
    for (; plaintext.length - at >= SEAL_CHUNK_LENGTH; at += SEAL_CHUNK_LENGTH) {
      written = chunks.next(plaintext.subarray(at, at + SEAL_CHUNK_LENGTH), out, written);
    }
    filled = plaintext.length - at;
    pending.set(plaintext.subarray(at));
    return [...takeHeader(), out];
  }

  function final(): Uint8Array[] {
    if (finished) throw new CoreError("seal-finished", "the object is sealed");
    finished = true;
    const out = crypto.allocate(filled + SEAL_TAG_LENGTH);
    chunks.next(pending.subarray(0, filled), out, 0);
    pending.fill(0);
    return [...takeHeader(), out];
  }

  return { update, final };
}

/** Encrypts bytes that are all at hand, into one buffer. */
export function seal(plaintext: Uint8Array, options: SealOptions): Uint8Array {
  const crypto = options.crypto ?? pureSealCrypto;
  const chunks = startChunks(crypto, options);
  const out = crypto.allocate(sealedLength(plaintext.length));
  out.set(chunks.header);
  let written = SEAL_HEADER_LENGTH;
  // "<=" and not "<": a message that fills its chunks still ends with an empty one.
  for (let at = 0; at <= plaintext.length; at += SEAL_CHUNK_LENGTH) {
    written = chunks.next(plaintext.subarray(at, at + SEAL_CHUNK_LENGTH), out, written);
  }
  return out;
}

type ChunkSealer = { header: Uint8Array; next(plaintext: Uint8Array, out: Uint8Array, at: number): number };

/** Seals one chunk after the other into buffers of the caller; `next` returns where its output ends. */
function startChunks(crypto: SealCrypto, options: SealOptions): ChunkSealer {
  const { key, baseNonce, commitment } = deriveMessageKey(crypto, options.key, options.salt, options.context);
  const cipher = crypto.startAes256Gcm(key);
  const nonce = new Uint8Array(12);
  let index = 0;

  function next(plaintext: Uint8Array, out: Uint8Array, at: number): number {
    if (index >= SEAL_MAX_CHUNKS) throw new CoreError("seal-too-long", "a sealed message has at most 2^38 chunks");
    setChunkNonce(nonce, baseNonce, index);
    index += 1;
    cipher.seal(nonce, plaintext, out, at);
    return at + plaintext.length + SEAL_TAG_LENGTH;
  }

  return { header: concatBytes(options.salt, commitment), next };
}

import { equalBytes } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { deriveMessageKey, setChunkNonce } from "./derive-message-key.ts";
import { type SealCrypto, pureSealCrypto } from "./seal-crypto.ts";
import {
  SEALED_CHUNK_LENGTH,
  SEAL_CHUNK_LENGTH,
  SEAL_HEADER_LENGTH,
  SEAL_MAX_CHUNKS,
  SEAL_SALT_LENGTH,
  SEAL_TAG_LENGTH,
  sealChunkCount,
  sealedRange,
} from "./seal-format.ts";

export type OpenOptions = {
  key: Uint8Array;
  context: Uint8Array;
  crypto?: SealCrypto;
  /**
   * Plaintext bytes that the object is known to have (the catalogue says). With it a cut object is told apart from an altered
   * one; without it a cut inside the last chunk can only be reported as `seal-tail-invalid`.
   */
  length?: number;
};

export type Opener = {
  /** Plaintext of whole consecutive chunks, the first of which has number `firstChunk`; `sealed` may end with the last, short chunk. */
  openChunks(firstChunk: number, sealed: Uint8Array): Uint8Array;
  /** Plaintext bytes [start, end), from exactly the sealed bytes that `sealedRange` named. Needs `length` in the options. */
  openRange(start: number, end: number, sealed: Uint8Array): Uint8Array;
};

/**
 * Opens any part of a sealed object, given its first 56 bytes. `seal-wrong-key-or-context` when the key commitment differs (the
 * format cannot tell a wrong key from a wrong context or an altered header); then per chunk `seal-tampered`,
 * `seal-chunk-moved` (authentic at another place of this object), `seal-tail-invalid` (the last chunk, length not known).
 */
export function createOpener(header: Uint8Array, options: OpenOptions): Opener {
  const crypto = options.crypto ?? pureSealCrypto;
  if (header.length < SEAL_HEADER_LENGTH) throw new CoreError("seal-truncated", "the object ends inside its header");
  const salt = header.subarray(0, SEAL_SALT_LENGTH);
  const { key, baseNonce, commitment } = deriveMessageKey(crypto, options.key, salt, options.context);
  // The commitment is checked before any chunk: without it one ciphertext could open under two keys.
  if (!equalBytes(commitment, header.subarray(SEAL_SALT_LENGTH, SEAL_HEADER_LENGTH))) {
    throw new CoreError("seal-wrong-key-or-context", "the object was sealed under another key, context or header");
  }
  const cipher = crypto.startAes256Gcm(key);
  const nonce = new Uint8Array(12);
  const known = options.length === undefined ? undefined : sealChunkCount(options.length);

  function openChunks(firstChunk: number, sealed: Uint8Array): Uint8Array {
    if (!Number.isSafeInteger(firstChunk) || firstChunk < 0)
      throw new CoreError("seal-range-invalid", `not a chunk number: ${firstChunk}`);
    const rest = sealed.length % SEALED_CHUNK_LENGTH;
    if (rest > 0 && rest < SEAL_TAG_LENGTH) throw new CoreError("seal-chunk-length", "a chunk is shorter than its tag");
    const chunks = Math.ceil(sealed.length / SEALED_CHUNK_LENGTH);
    if (firstChunk + chunks > SEAL_MAX_CHUNKS)
      throw new CoreError("seal-too-long", "a sealed message has at most 2^38 chunks");
    if (known !== undefined) assertPlace(firstChunk, chunks, rest, known, options.length ?? 0);
    const out = crypto.allocate(sealed.length - chunks * SEAL_TAG_LENGTH);
    let written = 0;
    for (let at = 0, index = firstChunk; at < sealed.length; at += SEALED_CHUNK_LENGTH, index++) {
      const chunk = sealed.subarray(at, at + SEALED_CHUNK_LENGTH);
      setChunkNonce(nonce, baseNonce, index);
      if (!cipher.open(nonce, chunk, out, written)) {
        out.fill(0); // nothing unauthenticated may be handed on by mistake
        throw explain(chunk, index, firstChunk + chunks);
      }
      written += chunk.length - SEAL_TAG_LENGTH;
    }
    return out;
  }

  /** Only reached on failure, so it may be slow: an authentic chunk at the wrong place is worth telling apart. */
  function explain(chunk: Uint8Array, index: number, seen: number): CoreError {
    const out = new Uint8Array(chunk.length - SEAL_TAG_LENGTH);
    const places = Math.min(Math.max(known ?? 0, seen, index + 256), index + 4096);
    for (let place = Math.max(0, index - 4096); place < places; place++) {
      setChunkNonce(nonce, baseNonce, place);
      if (place !== index && cipher.open(nonce, chunk, out, 0)) {
        return new CoreError("seal-chunk-moved", `chunk ${place} stands in the place of chunk ${index}`);
      }
    }
    if (chunk.length < SEALED_CHUNK_LENGTH && known === undefined) {
      return new CoreError(
        "seal-tail-invalid",
        `the last chunk (${index}) was altered, or the object was cut inside it`,
      );
    }
    return new CoreError("seal-tampered", `chunk ${index} was altered`);
  }

  function openRange(start: number, end: number, sealed: Uint8Array): Uint8Array {
    if (options.length === undefined)
      throw new CoreError("seal-range-invalid", "a range needs the length of the object");
    const range = sealedRange(start, end, options.length);
    const wanted = range.sealedEnd - range.sealedStart;
    if (sealed.length < wanted) throw new CoreError("seal-truncated", `${sealed.length} of ${wanted} sealed bytes`);
    if (sealed.length > wanted)
      throw new CoreError("seal-extended", `${sealed.length} instead of ${wanted} sealed bytes`);
    return openChunks(range.firstChunk, sealed).subarray(range.skip, range.skip + end - start);
  }

  return { openChunks, openRange };
}

/** With the length known, chunks beyond it, or a chunk of another length than its place asks for, are refused by name. */
function assertPlace(firstChunk: number, chunks: number, rest: number, known: number, length: number): void {
  if (firstChunk + chunks > known) throw new CoreError("seal-extended", `the object has only ${known} chunks`);
  const lastLength = (length % SEAL_CHUNK_LENGTH) + SEAL_TAG_LENGTH;
  const endsWithLast = chunks > 0 && firstChunk + chunks === known;
  if (endsWithLast && rest === 0) throw new CoreError("seal-extended", "the last chunk is longer than it was sealed");
  if (endsWithLast && rest !== lastLength) {
    throw new CoreError(
      rest < lastLength ? "seal-truncated" : "seal-extended",
      `the last chunk has ${rest} instead of ${lastLength} bytes`,
    );
  }
  if (!endsWithLast && rest > 0) throw new CoreError("seal-truncated", "the object ends before its last chunk");
}

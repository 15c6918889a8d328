import { CoreError } from "../error.ts";

// C2SP chunked-encryption (Cobblestone-256: HKDF-Expand-SHA-512 and AES-256-GCM).
export const SEAL_KEY_LENGTH = 32;
export const SEAL_SALT_LENGTH = 24;
/** Salt and key commitment, in front of the chunks. */
export const SEAL_HEADER_LENGTH = 56;
/** Plaintext bytes per chunk; the last chunk is always shorter and may be empty. */
export const SEAL_CHUNK_LENGTH = 16 * 1024;
export const SEAL_TAG_LENGTH = 16;
export const SEALED_CHUNK_LENGTH = SEAL_CHUNK_LENGTH + SEAL_TAG_LENGTH;
/** The specification's limit: 2^38 chunks, 4 PiB. */
export const SEAL_MAX_CHUNKS = 2 ** 38;

/** Chunks of a message of `length` plaintext bytes: always one more than it fills. */
export function sealChunkCount(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new CoreError("seal-range-invalid", `not a length: ${length}`);
  const chunks = Math.floor(length / SEAL_CHUNK_LENGTH) + 1;
  if (chunks > SEAL_MAX_CHUNKS) throw new CoreError("seal-too-long", "a sealed message has at most 2^38 chunks");
  return chunks;
}

/** Bytes of the sealed object that holds `length` plaintext bytes. */
export function sealedLength(length: number): number {
  return SEAL_HEADER_LENGTH + length + sealChunkCount(length) * SEAL_TAG_LENGTH;
}

/** Plaintext bytes of a sealed object of `sealed` bytes; `seal-truncated` when no whole object has that length. */
export function unsealedLength(sealed: number): number {
  if (!Number.isSafeInteger(sealed) || sealed < 0) throw new CoreError("seal-range-invalid", `not a length: ${sealed}`);
  const body = sealed - SEAL_HEADER_LENGTH;
  const last = body % SEALED_CHUNK_LENGTH;
  // A last chunk of full length, or shorter than its tag, means that something behind it is gone.
  if (body < 0 || last < SEAL_TAG_LENGTH)
    throw new CoreError("seal-truncated", `a sealed object cannot have ${sealed} bytes`);
  const length = Math.floor(body / SEALED_CHUNK_LENGTH) * SEAL_CHUNK_LENGTH + last - SEAL_TAG_LENGTH;
  sealChunkCount(length);
  return length;
}

/** Which bytes of a sealed object to fetch for plaintext bytes [start, end), and how to cut the answer. */
export type SealedRange = {
  /** First chunk and number of chunks. */
  firstChunk: number;
  chunks: number;
  /** Byte range [sealedStart, sealedEnd) of the sealed object. */
  sealedStart: number;
  sealedEnd: number;
  /** Where `start` lies in the plaintext of those chunks. */
  skip: number;
};

/** Maps plaintext range [start, end) of an object with `length` plaintext bytes. `seal-range-invalid` outside of it. */
export function sealedRange(start: number, end: number, length: number): SealedRange {
  const count = sealChunkCount(length);
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start > end || end > length) {
    throw new CoreError("seal-range-invalid", `[${start}, ${end}) is not a range of ${length} bytes`);
  }
  const firstChunk = Math.floor(start / SEAL_CHUNK_LENGTH);
  const lastChunk = start === end ? firstChunk : Math.floor((end - 1) / SEAL_CHUNK_LENGTH);
  const chunks = lastChunk - firstChunk + 1;
  const sealedStart = SEAL_HEADER_LENGTH + firstChunk * SEALED_CHUNK_LENGTH;
  const sealedEnd = lastChunk === count - 1 ? sealedLength(length) : sealedStart + chunks * SEALED_CHUNK_LENGTH;
  return { firstChunk, chunks, sealedStart, sealedEnd, skip: start - firstChunk * SEAL_CHUNK_LENGTH };
}

import { CoreError } from "../error.ts";
import { type Sha256, type Sha256Stream, type StartSha256, pureSha256, startPureSha256 } from "../hash/sha256.ts";
import { createFrontier } from "./frontier.ts";

/** Bytes per leaf of a file's `chunkRoot`: 1 MiB; the last chunk is shorter, and an empty file has no chunk. */
export const CHUNK_LENGTH = 1024 * 1024;

export type ChunkRootBuilder = {
  /** Takes the next bytes, in pieces of any length; nothing of the caller's buffer is kept. */
  update(bytes: Uint8Array): void;
  /** Ends the file: its root (RFC 6962 over 1 MiB chunks), its length in bytes and the leaf hash of every chunk. */
  finish(): { root: Uint8Array; length: number; chunkHashes: Uint8Array[] };
};

const LEAF_PREFIX = Uint8Array.of(0);

/** Builds the `chunkRoot` of a file while its bytes pass by. */
export function createChunkRoot(hashing: { sha256?: Sha256; startSha256?: StartSha256 } = {}): ChunkRootBuilder {
  const start = hashing.startSha256 ?? startPureSha256;
  const frontier = createFrontier(undefined, hashing.sha256 ?? pureSha256);
  const chunkHashes: Uint8Array[] = [];
  let chunk: Sha256Stream | undefined;
  let filled = 0;
  let length = 0;
  let finished = false;

  function closeChunk(): void {
    if (chunk === undefined) return;
    const hash = chunk.digest();
    chunkHashes.push(hash);
    frontier.append(hash);
    chunk = undefined;
    filled = 0;
  }

  function update(bytes: Uint8Array): void {
    if (finished) throw new CoreError("builder-finished", "the root is already given out");
    for (let at = 0; at < bytes.length;) {
      if (chunk === undefined) {
        chunk = start();
        chunk.update(LEAF_PREFIX);
      }
      const piece = bytes.subarray(at, at + CHUNK_LENGTH - filled);
      chunk.update(piece);
      filled += piece.length;
      at += piece.length;
      length += piece.length;
      if (filled === CHUNK_LENGTH) closeChunk();
    }
  }

  function finish(): { root: Uint8Array; length: number; chunkHashes: Uint8Array[] } {
    if (finished) throw new CoreError("builder-finished", "the root is already given out");
    finished = true;
    closeChunk();
    return { root: frontier.root(), length, chunkHashes };
  }

  return { update, finish };
}

/** `chunkRoot` of bytes that are all at hand. */
export function chunkRoot(bytes: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  const frontier = createFrontier(undefined, sha256);
  for (let at = 0; at < bytes.length; at += CHUNK_LENGTH) {
    frontier.append(sha256(LEAF_PREFIX, bytes.subarray(at, at + CHUNK_LENGTH)));
  }
  return frontier.root();
}

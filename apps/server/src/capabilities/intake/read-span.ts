import { createHash } from "node:crypto";
import {
  SEAL_HEADER_LENGTH,
  SEALED_CHUNK_LENGTH,
  createOpener,
  equalBytes,
  sealedLength,
  sealedRange,
} from "@sworn/core";
import { nodeSealCrypto, unwrapKey } from "@sworn/core/node";
import type { BlobStore } from "../../ports/blob-store.ts";
import { StoredDamage, asDamage } from "./damage.ts";
import { type Span, spanContext, spanKeyContext } from "./span.ts";

/** Sealed chunks opened in one go: about 1 MiB. */
const BLOCK = 64 * SEALED_CHUNK_LENGTH;

export type StoredSpan = Pick<Span, "object_key" | "wrapped_key" | "size" | "sha256" | "start_offset">;

/**
 * Plain bytes [start, end) of one span. Every 16 KiB chunk is authenticated before a byte of it leaves; the length of
 * the object is held against the catalogue, so a cut or a lengthened object is refused even where the range lies
 * before the damage. Throws StoredDamage.
 */
export async function* readSpan(
  deps: { blobStore: BlobStore },
  evidence: { id: string; key: Uint8Array },
  span: StoredSpan,
  start = 0,
  end = span.size,
): AsyncIterable<Uint8Array> {
  try {
    const key = unwrapKey(span.wrapped_key, {
      wrappingKey: evidence.key,
      context: spanKeyContext(evidence.id, span.object_key),
    });
    const found = await deps.blobStore.size(span.object_key);
    if (found !== sealedLength(span.size))
      throw new StoredDamage(found < sealedLength(span.size) ? "seal-truncated" : "seal-extended", span.object_key);
    const context = spanContext(evidence.id, span.object_key);
    const header = await collect(deps.blobStore.get(span.object_key, { start: 0, length: SEAL_HEADER_LENGTH }));
    const opener = createOpener(header, { key, context, length: span.size, crypto: nodeSealCrypto });
    const range = sealedRange(start, end, span.size);
    const length = range.sealedEnd - range.sealedStart;
    let chunk = range.firstChunk;
    let at = chunk * (SEALED_CHUNK_LENGTH - 16);
    for await (const block of blocks(deps.blobStore.get(span.object_key, { start: range.sealedStart, length }))) {
      const plain = opener.openChunks(chunk, block);
      chunk += Math.ceil(block.length / SEALED_CHUNK_LENGTH);
      const piece = plain.subarray(Math.max(0, start - at), Math.max(0, end - at));
      at += plain.length;
      if (piece.length > 0) yield piece;
    }
  } catch (error) {
    throw asDamage(error, span.object_key);
  }
}

/**
 * The whole span, ending in `span-hash-mismatch` where its plain SHA-256 is not the recorded one. The sealed hash need
 * not be computed as well: chunks that open under this key and give these plain bytes have exactly one ciphertext.
 */
export async function* readWholeSpan(
  deps: { blobStore: BlobStore },
  evidence: { id: string; key: Uint8Array },
  span: StoredSpan,
): AsyncIterable<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of readSpan(deps, evidence, span)) {
    hash.update(piece);
    yield piece;
  }
  if (!equalBytes(hash.digest(), span.sha256)) throw new StoredDamage("span-hash-mismatch", span.object_key);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

/** Whole sealed chunks, about 1 MiB at a time. */
async function* blocks(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(BLOCK);
  let filled = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      const taken = Math.min(BLOCK - filled, piece.length - at);
      buffer.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === BLOCK) {
        yield buffer;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

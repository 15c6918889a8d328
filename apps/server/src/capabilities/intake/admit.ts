import { randomBytes, randomUUID } from "node:crypto";
import { wrapKey } from "@sworn/core/node";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import type { EvidenceKeys } from "./evidence-keys.ts";
import { type SealStream, sealStream } from "./seal-stream.ts";
import { SPAN_BYTES, type Span, spanContext, spanKeyContext } from "./span.ts";

export interface AdmitDeps {
  readonly blobStore: BlobStore;
  readonly database: Database;
  readonly evidenceKeys: EvidenceKeys;
  readonly diskReserve: DiskReserve;
  /** Where to seal: on threads of their own (`startSealThreads`), or, left out, on this one. */
  readonly sealStream?: SealStream;
}

export interface SpanSource {
  readonly agencyId: string;
  /** Its key must exist (`evidenceKeys.create`); the evidence row need not, yet. */
  readonly evidenceId: string;
  readonly fileId: string;
  readonly seq: number;
  readonly startOffset: number;
  /** 1 to 64 MiB of plain bytes; buffers may be reused by the sender after it is asked for the next. */
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** See the blob-store port. `later` only where another step reads the whole span back before `stored`. */
  readonly readBack?: "now" | "later";
}

/**
 * The one door for bytes: nothing else calls the object store's `put`. Seals the bytes under a fresh key into a new
 * object and answers once that is durable. The object has no name anybody knows until `recordSpan` commits: a crash
 * between the two leaves an orphan for the sweeper. Throws `disk-full` (Problem), BlobError, and what `bytes` throws.
 */
export async function admitSpan(deps: AdmitDeps, source: SpanSource): Promise<Span> {
  await deps.diskReserve.assertRoom();
  const { agencyId, evidenceId } = source;
  const wrappingKey = await deps.database.forAgency(agencyId, (tx) => deps.evidenceKeys.open(tx, evidenceId));
  const objectKey = randomUUID();
  const key = randomBytes(32);
  const seal = deps.sealStream ?? sealStream;
  const { sealed, facts } = seal(limit(source.bytes), { key, context: spanContext(evidenceId, objectKey) });
  const object = await deps.blobStore.put(objectKey, sealed, {
    readBack: source.readBack ?? "now",
    sha256: () => facts().sealedSha256,
  });
  const plain = facts();
  return {
    file_id: source.fileId,
    seq: source.seq,
    agency_id: agencyId,
    start_offset: source.startOffset,
    size: plain.size,
    sha256: plain.sha256,
    crc32: plain.crc32,
    object_key: objectKey,
    sealed_size: object.size,
    sealed_sha256: object.sha256,
    wrapped_key: wrapKey(key, { wrappingKey, context: spanKeyContext(evidenceId, objectKey) }),
  };
}

/** The row that makes a span exist. Same transaction as whatever counts its bytes. */
export async function recordSpan(tx: Tx, span: Span): Promise<void> {
  await tx.insertInto("sworn.span").values(span).execute();
}

/** For a span whose row will never be written. Failing here is no harm: the sweeper finds it after a day. */
export async function discardSpan(deps: Pick<AdmitDeps, "blobStore">, span: Pick<Span, "object_key">): Promise<void> {
  await deps.blobStore.remove(span.object_key).catch(() => undefined);
}

/** A span is never empty and never longer than the format says, whoever calls. */
async function* limit(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size > SPAN_BYTES) throw new RangeError("a span has at most 64 MiB");
    yield piece;
  }
  if (size === 0) throw new RangeError("a span is never empty");
}

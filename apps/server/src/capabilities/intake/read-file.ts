import { Problem } from "@sworn/contract";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { StoredDamage } from "./damage.ts";
import type { EvidenceKeys } from "./evidence-keys.ts";
import { type StoredSpan, readSpan } from "./read-span.ts";

export interface ReadDeps {
  readonly blobStore: BlobStore;
  readonly database: Database;
  readonly evidenceKeys: EvidenceKeys;
}

/** Bytes [start, end) of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface OpenedFile {
  /** Bytes of the whole file that exist now; a file still open grows. */
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens a file of this agency for reading: plain bytes across spans, seeking inside sealed spans, each chunk verified
 * before it leaves. The catalogue and the key are read now; bytes flow when iterated, outside any transaction.
 * `not-found`, `range-unsatisfiable` (Problem), StoredDamage while iterating. Who may read is the caller's question.
 */
export async function openFile(
  deps: ReadDeps,
  agencyId: string,
  fileId: string,
  range?: Partial<ByteRange>,
): Promise<OpenedFile> {
  return await deps.database.forAgency(agencyId, (tx) => openFileIn(deps, tx, fileId, range));
}

/** As `openFile`, within a transaction that is open already: what it has written itself is seen. */
export async function openFileIn(
  deps: Omit<ReadDeps, "database">,
  tx: Tx,
  fileId: string,
  range: Partial<ByteRange> = {},
): Promise<OpenedFile> {
  const file = await tx
    .selectFrom("sworn.file")
    .leftJoin("sworn.span", "sworn.span.file_id", "sworn.file.id")
    .select([
      "sworn.file.evidence_id",
      (eb) => eb.fn.coalesce(eb.fn.sum<number>("sworn.span.size"), eb.lit(0)).as("size"),
    ])
    .where("sworn.file.id", "=", fileId)
    .groupBy("sworn.file.id")
    .executeTakeFirst();
  if (file === undefined) throw new Problem("not-found");
  const { size } = file;
  const start = range.start ?? 0;
  const end = range.end ?? size;
  if (start < 0 || end < start || end > size) throw new Problem("range-unsatisfiable");
  const spans = await tx
    .selectFrom("sworn.span")
    .select(["object_key", "wrapped_key", "size", "sha256", "start_offset"])
    .where("file_id", "=", fileId)
    .where("start_offset", "<", end)
    .where((eb) => eb(eb("start_offset", "+", eb.ref("size")), ">", start))
    .orderBy("start_offset")
    .execute();
  const key = await deps.evidenceKeys.open(tx, file.evidence_id);
  return { size, bytes: readSpans(deps, { id: file.evidence_id, key }, spans, { start, end }) };
}

export interface RangedFile {
  readonly size: number;
  /** Bytes [start, end); as `openFile`, without asking the catalogue again. */
  bytes(start: number, end: number): AsyncIterable<Uint8Array>;
}

/**
 * For jobs that read one stored file at thousands of places: catalogue and key are read once, now. The key stays in
 * memory as long as the answer is held, so only a job may hold it, and only while it runs.
 */
export async function openRanges(deps: ReadDeps, agencyId: string, fileId: string): Promise<RangedFile> {
  const opened = await deps.database.forAgency(agencyId, async (tx) => {
    const file = await tx.selectFrom("sworn.file").select("evidence_id").where("id", "=", fileId).executeTakeFirst();
    if (file === undefined) throw new Problem("not-found");
    const spans = await tx
      .selectFrom("sworn.span")
      .select(["object_key", "wrapped_key", "size", "sha256", "start_offset"])
      .where("file_id", "=", fileId)
      .orderBy("start_offset")
      .execute();
    return { evidence: { id: file.evidence_id, key: await deps.evidenceKeys.open(tx, file.evidence_id) }, spans };
  });
  const last = opened.spans.at(-1);
  const size = last === undefined ? 0 : last.start_offset + last.size;
  return {
    size,
    bytes(start, end) {
      if (start < 0 || end < start || end > size) throw new Problem("range-unsatisfiable");
      const spans = opened.spans.filter((span) => span.start_offset < end && span.start_offset + span.size > start);
      return readSpans(deps, opened.evidence, spans, { start, end });
    },
  };
}

/** Bytes [start, end) of a file from the spans that cover them, in order. A hole between them is damage. */
export async function* readSpans(
  deps: { blobStore: BlobStore },
  evidence: { id: string; key: Uint8Array },
  spans: readonly StoredSpan[],
  range: ByteRange,
): AsyncIterable<Uint8Array> {
  let at = range.start;
  for (const span of spans) {
    const from = at - span.start_offset;
    const to = Math.min(span.size, range.end - span.start_offset);
    if (from < 0 || from >= span.size) throw new StoredDamage("spans-incomplete", span.object_key);
    yield* readSpan(deps, evidence, span, from, to);
    at = span.start_offset + to;
  }
  if (at < range.end) throw new StoredDamage("spans-incomplete", null);
}

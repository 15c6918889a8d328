import { type MediaState, Problem } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { UploadTable } from "../../ports/tables.ts";
import { recordSpan } from "./admit.ts";
import type { StoredSpan } from "./read-span.ts";
import type { Span } from "./span.ts";

/** An upload with what other rows add: the item it becomes (whose key seals it), and how that item's format reads. */
export type Upload = Selectable<UploadTable> & {
  readonly own_evidence_id: string;
  readonly media_state: MediaState | null;
  readonly media_code: string | null;
  readonly media_detail: string | null;
};

/** An upload of this very actor; anybody else's does not exist (`not-found`). */
export async function ownUpload(tx: Tx, principal: Principal, id: string): Promise<Upload> {
  const upload = await findUpload(tx, id);
  if (upload === undefined || upload.actor_id !== principal.actorId) throw new Problem("not-found");
  return upload;
}

export async function findUpload(tx: Tx, id: string): Promise<Upload | undefined> {
  return await selectUploads(tx).where("sworn.upload.id", "=", id).executeTakeFirst();
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- the builder's own type has no short name
function selectUploads(tx: Tx) {
  return tx
    .selectFrom("sworn.upload")
    .innerJoin("sworn.file", "sworn.file.id", "sworn.upload.file_id")
    .leftJoin("sworn.evidence", "sworn.evidence.id", "sworn.upload.evidence_id")
    .selectAll("sworn.upload")
    .select(["sworn.file.evidence_id as own_evidence_id", "media_state", "media_code", "media_detail"]);
}

/** As `findUpload`, and nothing can be counted into it before this transaction ends: what is read is what there is. */
export async function holdUpload(tx: Tx, id: string): Promise<Upload | undefined> {
  await tx.selectFrom("sworn.upload").select("id").where("id", "=", id).forUpdate().execute();
  return await findUpload(tx, id);
}

export async function listOpenUploads(tx: Tx, principal: Principal): Promise<Upload[]> {
  return await selectUploads(tx)
    .where("sworn.upload.actor_id", "=", principal.actorId)
    .where("sworn.upload.state", "in", ["receiving", "sealing"])
    .orderBy("sworn.upload.created_at", "desc")
    .limit(200)
    .execute();
}

/**
 * Counts spans that are durable. The update is the lock between processes: it holds only where these bytes continue
 * exactly what is received, so of two connections that wrote the same offset one is `offset-conflict`.
 */
export async function countSpans(
  tx: Tx,
  uploadId: string,
  spans: readonly Span[],
  now: { at: Date; expiresAt: Date },
): Promise<{ received: number; complete: boolean }> {
  const [first] = spans;
  if (first === undefined) throw new RangeError("there is nothing to count");
  const size = spans.reduce((sum, span) => sum + span.size, 0);
  const counted = await tx
    .updateTable("sworn.upload")
    .set((eb) => ({ received: eb("received", "+", size), last_byte_at: now.at, expires_at: now.expiresAt }))
    .where("id", "=", uploadId)
    .where("state", "=", "receiving")
    .where("received", "=", first.start_offset)
    .where((eb) => eb(eb("received", "+", size), "<=", eb.ref("length")))
    .returning(["received", "length"])
    .executeTakeFirst();
  if (counted === undefined) throw new Problem("offset-conflict");
  for (const span of spans) await recordSpan(tx, span);
  return { received: counted.received, complete: counted.received === counted.length };
}

/** Moves an upload on; false where it is not in the state it is moved from any more. */
export async function moveUpload(
  tx: Tx,
  id: string,
  from: Upload["state"],
  set: Partial<Pick<Upload, "state" | "code" | "detail" | "evidence_id" | "already_held" | "checked">>,
): Promise<boolean> {
  const moved = await tx
    .updateTable("sworn.upload")
    .set(set)
    .where("id", "=", id)
    .where("state", "=", from)
    .executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

export async function spansOf(tx: Tx, fileId: string): Promise<(StoredSpan & { seq: number })[]> {
  return await tx
    .selectFrom("sworn.span")
    .select(["seq", "object_key", "wrapped_key", "size", "sha256", "start_offset"])
    .where("file_id", "=", fileId)
    .orderBy("seq")
    .execute();
}

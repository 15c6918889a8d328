import { createChunkRoot, equalBytes, toHex } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Job } from "../../ports/jobs.ts";
import { unitOf, wearerAt } from "../access/index.ts";
import { append } from "../custody/index.ts";
import { decideAgain } from "../retention/index.ts";
import { discardSpan } from "./admit.ts";
import { StoredDamage } from "./damage.ts";
import { type Ending, keepIncomplete } from "./keep-incomplete.ts";
import { readWholeSpan } from "./read-span.ts";
import { SNIFF_BYTES, mediaTypeOf, sniffContainer } from "./sniff-container.ts";
import type { IntakeDeps } from "./upload-deps.ts";
import { type Upload, findUpload, moveUpload, spansOf } from "./upload-store.ts";

interface WholeFile {
  readonly sha256: Uint8Array;
  readonly chunkRoot: Uint8Array;
  readonly mediaType: string;
}

/**
 * Makes a received upload stored: reads every span back, matches it, computes the identity of the whole file, and
 * commits evidence, event and media jobs in one transaction. May run any number of times; only the first one counts.
 */
export async function sealUpload(deps: IntakeDeps, job: Job, signal: AbortSignal): Promise<void> {
  const upload = await deps.database.forAgency(job.agencyId, (tx) => findUpload(tx, job.id));
  if (upload === undefined || upload.state !== "sealing") return;
  let whole: WholeFile;
  try {
    whole = await readBack(deps, upload, signal);
  } catch (error) {
    if (!(error instanceof StoredDamage)) throw error;
    deps.log.error({ upload: upload.id, damage: error.damage, object: error.objectKey }, "received bytes are damaged");
    const detail = "What was received can no longer be read whole. Send the file again; what is left was kept.";
    return await refuse(deps, upload, { actor: { actorId: null }, reason: "storage-damaged" }, detail);
  }
  const declared = upload.declared_sha256;
  if (declared !== null && !equalBytes(declared, whole.sha256)) {
    const hashes = { declared: toHex(declared), sha256: toHex(whole.sha256) };
    const detail = `The file was announced as SHA-256 ${hashes.declared}, but what arrived is ${hashes.sha256}. It was kept as incomplete.`;
    return await refuse(deps, upload, { actor: { actorId: null }, reason: "hash-mismatch", hashes }, detail);
  }
  const released = await deps.database.forAgency(upload.agency_id, (tx) => settle(tx, deps, upload, whole));
  if (released.length > 0) deps.evidenceKeys.forget(upload.own_evidence_id);
  for (const objectKey of released) await discardSpan(deps, { object_key: objectKey });
}

/** Reads from the store, not from what passed by: this is the read-back that `received` did without. */
async function readBack(deps: IntakeDeps, upload: Upload, signal: AbortSignal): Promise<WholeFile> {
  const { spans, key } = await deps.database.forAgency(upload.agency_id, async (tx) => ({
    spans: await spansOf(tx, upload.file_id),
    key: await deps.evidenceKeys.open(tx, upload.own_evidence_id),
  }));
  const flat = startNodeSha256();
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  let checked = 0;
  let start = Buffer.alloc(0);
  for (const span of spans) {
    if (span.start_offset !== checked) throw new StoredDamage("spans-incomplete", span.object_key);
    for await (const piece of readWholeSpan(deps, { id: upload.own_evidence_id, key }, span)) {
      signal.throwIfAborted();
      if (start.length < SNIFF_BYTES) start = Buffer.concat([start, piece.subarray(0, SNIFF_BYTES - start.length)]);
      flat.update(piece);
      chunks.update(piece);
    }
    checked += span.size;
    await deps.database.forAgency(upload.agency_id, (tx) => moveUpload(tx, upload.id, "sealing", { checked }));
  }
  if (checked !== upload.length) throw new StoredDamage("spans-incomplete", null);
  const container = sniffContainer(start, true);
  const mediaType = container === "mp4" || container === "mov" ? mediaTypeOf[container] : "application/octet-stream";
  return { sha256: flat.digest(), chunkRoot: chunks.finish().root, mediaType };
}

/** Answers the objects that are free to go: the second copy, where the same bytes were here. */
async function settle(tx: Tx, deps: IntakeDeps, upload: Upload, whole: WholeFile): Promise<string[]> {
  // Two uploads of the same bytes at once: the second one waits here and then finds the first.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${upload.agency_id} ${toHex(whole.sha256)}`}, 1))`.execute(
    tx,
  );
  const held = await findHeld(tx, deps, upload, whole.sha256);
  if (held === null) {
    await storeEvidence(tx, deps, upload, whole);
    return [];
  }
  if (!(await moveUpload(tx, upload.id, "sealing", { state: "stored", evidence_id: held, already_held: true })))
    return [];
  await append(tx, deps.custody, upload.agency_id, {
    kind: "evidence.received-again",
    subject: { kind: "evidence", id: held },
    actorId: null,
    hashes: { sha256: toHex(whole.sha256) },
    details: { upload: upload.id, size: upload.length, by: upload.actor_id },
  });
  const { rows } = await sql<{
    object_key: string;
  }>`select sworn.release_duplicate(${upload.id}) as object_key`.execute(tx);
  return rows.map((row) => row.object_key);
}

/** The same bytes in this agency, where the uploader may see them. Otherwise nobody learns that they are here. */
async function findHeld(tx: Tx, deps: IntakeDeps, upload: Upload, sha256: Uint8Array): Promise<string | null> {
  const found = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("sha256", "=", Buffer.from(sha256))
    .where("size", "=", upload.length)
    .where("state", "=", "stored")
    .orderBy("received_at")
    .limit(50)
    .execute();
  const uploader = { actorId: upload.actor_id, personId: upload.person_id, deviceId: upload.device_id };
  for (const { id } of found) if (await deps.maySee(tx, uploader, id)) return id;
  return null;
}

async function storeEvidence(tx: Tx, deps: IntakeDeps, upload: Upload, whole: WholeFile): Promise<void> {
  const id = upload.own_evidence_id;
  if (!(await moveUpload(tx, upload.id, "sealing", { state: "stored", evidence_id: id }))) return;
  const identity = { size: upload.length, sha256: Buffer.from(whole.sha256), chunk_root: Buffer.from(whole.chunkRoot) };
  await tx
    .updateTable("sworn.file")
    .set({ ...identity, state: "stored", media_type: whole.mediaType })
    .where("id", "=", upload.file_id)
    .execute();
  const wearer = upload.person_id ?? (await wearerAt(tx, upload.device_id, upload.captured_at ?? upload.last_byte_at));
  await tx
    .insertInto("sworn.evidence")
    .values({
      ...identity,
      id,
      agency_id: upload.agency_id,
      title: upload.title ?? upload.name,
      kind: "video",
      state: "stored",
      recorded_at: upload.captured_at,
      time_source: upload.captured_at === null ? "unknown" : "file",
      device_id: upload.device_id,
      person_id: wearer,
      source_name: upload.name,
      unit_id: await unitOf(tx, wearer),
      received_at: upload.last_byte_at,
      stored_at: new Date(deps.clock.now()),
    })
    .execute();
  await decideAgain(tx, [id]);
  for (const name of ["probe", "poster", "positions"] as const)
    await deps.jobs.send(tx, name, { agencyId: upload.agency_id, id });
  await append(tx, deps.custody, upload.agency_id, {
    kind: "evidence.stored",
    subject: { kind: "evidence", id },
    actorId: null,
    hashes: { sha256: toHex(whole.sha256), chunkRoot: toHex(whole.chunkRoot) },
    details: {
      size: upload.length,
      takes: 1,
      upload: upload.id,
      by: upload.actor_id,
      title: upload.title ?? upload.name,
      ...(upload.captured_at === null ? {} : { recordedAt: upload.captured_at.toISOString() }),
    },
  });
}

async function refuse(deps: IntakeDeps, upload: Upload, ending: Ending, detail: string): Promise<void> {
  await deps.database.forAgency(upload.agency_id, async (tx) => {
    const set = { state: "refused", code: ending.reason, detail, evidence_id: upload.own_evidence_id } as const;
    if (await moveUpload(tx, upload.id, "sealing", set)) await keepIncomplete(tx, deps, upload, ending);
  });
}

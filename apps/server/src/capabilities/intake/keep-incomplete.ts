import type { Tx } from "../../ports/database.ts";
import { unitOf, wearerAt } from "../access/index.ts";
import { type actorOf, append } from "../custody/index.ts";
import { decideAgain } from "../retention/index.ts";
import type { IntakeDeps } from "./upload-deps.ts";
import { type Upload, moveUpload } from "./upload-store.ts";

export interface Ending {
  /** Who ended it; null: the server. */
  readonly actor: ReturnType<typeof actorOf>;
  readonly reason: "expired" | "cancelled" | "hash-mismatch" | "storage-damaged" | "format-unsupported";
  readonly hashes?: Readonly<Record<string, string>>;
}

/**
 * What was acknowledged is never dropped: the bytes become a visible item in state `incomplete` that a custodian
 * decides on. The caller has moved the upload's own state.
 */
export async function keepIncomplete(tx: Tx, deps: IntakeDeps, upload: Upload, ending: Ending): Promise<void> {
  const id = upload.own_evidence_id;
  const wearer = upload.person_id ?? (await wearerAt(tx, upload.device_id, upload.captured_at ?? upload.last_byte_at));
  await tx
    .insertInto("sworn.evidence")
    .values({
      id,
      agency_id: upload.agency_id,
      title: upload.title ?? upload.name,
      kind: "video",
      state: "incomplete",
      size: upload.received,
      recorded_at: upload.captured_at,
      time_source: upload.captured_at === null ? "unknown" : "file",
      device_id: upload.device_id,
      person_id: wearer,
      source_name: upload.name,
      unit_id: await unitOf(tx, wearer),
      received_at: upload.last_byte_at,
    })
    .execute();
  await decideAgain(tx, [id]);
  await append(tx, deps.custody, upload.agency_id, {
    kind: "evidence.incomplete",
    subject: { kind: "evidence", id },
    ...ending.actor,
    reason: ending.reason,
    hashes: ending.hashes ?? {},
    details: {
      upload: upload.id,
      received: upload.received,
      length: upload.length,
      title: upload.title ?? upload.name,
    },
  });
}

/**
 * Ends an upload that will not go on: with bytes it is kept as incomplete, without it is cancelled. False: too late.
 * The caller holds the upload's row (`holdUpload`): a span counted in between would be forgotten here.
 */
export async function endUnfinished(tx: Tx, deps: IntakeDeps, upload: Upload, ending: Ending): Promise<boolean> {
  const kept = upload.received > 0;
  const detail = kept
    ? `The upload ended after ${upload.received} of ${upload.length} bytes. They are kept for a custodian.`
    : "The upload ended before a byte arrived.";
  const state = kept ? "incomplete" : "cancelled";
  const evidence = kept ? { evidence_id: upload.own_evidence_id } : {};
  if (!(await moveUpload(tx, upload.id, "receiving", { state, detail, ...evidence }))) return false;
  await append(tx, deps.custody, upload.agency_id, {
    kind: kept ? "upload.incomplete" : "upload.cancelled",
    subject: { kind: "evidence", id: upload.own_evidence_id },
    ...ending.actor,
    reason: ending.reason,
    details: { upload: upload.id, received: upload.received, length: upload.length },
  });
  if (kept) await keepIncomplete(tx, deps, upload, ending);
  return true;
}

import { Problem, type RecordingStatus } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { RecordingTable, TakeTable } from "../../ports/tables.ts";
import { assertVisible, visibleEvidence } from "../access/index.ts";

/** What of a recording is received and what is stored; `not-found` for what this agency does not have. */
export async function readStatus(tx: Tx, recordingId: string): Promise<RecordingStatus> {
  const recording = await tx.selectFrom("sworn.recording").selectAll().where("id", "=", recordingId).executeTakeFirst();
  if (recording === undefined) throw new Problem("not-found");
  const [status] = await describe(tx, [recording]);
  if (status === undefined) throw new Problem("not-found");
  return status;
}

/** Newest first, at most 500: a camera's own, or what a person may see. */
export async function listRecordings(
  tx: Tx,
  principal: Principal,
  filter: { state?: RecordingStatus["state"] | undefined },
): Promise<RecordingStatus[]> {
  let query = tx.selectFrom("sworn.recording").selectAll().orderBy("created_at", "desc").limit(500);
  if (filter.state !== undefined) query = query.where("state", "=", filter.state);
  if (principal.deviceId !== null) query = query.where("device_id", "=", principal.deviceId);
  else
    query = query.where("id", "in", (eb) =>
      eb.selectFrom("sworn.evidence").select("sworn.evidence.id").where(visibleEvidence(principal)),
    );
  return await describe(tx, await query.execute());
}

/** A camera sees its own recordings, a person those whose evidence is visible to them; else `not-found`. */
export async function assertReadable(tx: Tx, principal: Principal, recordingId: string): Promise<void> {
  if (principal.deviceId === null) return await assertVisible(tx, principal, recordingId);
  const own = await tx
    .selectFrom("sworn.recording")
    .select("id")
    .where("id", "=", recordingId)
    .where("device_id", "=", principal.deviceId)
    .executeTakeFirst();
  if (own === undefined) throw new Problem("not-found");
}

async function describe(tx: Tx, recordings: readonly Selectable<RecordingTable>[]): Promise<RecordingStatus[]> {
  if (recordings.length === 0) return [];
  const ids = recordings.map((recording) => recording.id);
  const takes = await tx
    .selectFrom("sworn.take")
    .selectAll()
    .where("recording_id", "in", ids)
    .orderBy("take")
    .execute();
  // A camera may have begun thousands of takes: looked up, not searched for, since this runs on the one thread.
  const byRecording = Map.groupBy(takes, (take) => take.recording_id);
  return recordings.map((recording) => ({
    id: recording.id,
    deviceId: recording.device_id,
    state: recording.state,
    startedAt: recording.started_at.toISOString(),
    takes: (byRecording.get(recording.id) ?? []).map(describeTake),
  }));
}

function describeTake(take: Selectable<TakeTable>): RecordingStatus["takes"][number] {
  return {
    take: take.take,
    state: take.state,
    init: take.init_sha256 !== null,
    received: take.fragments,
    stored: take.stored_fragments,
    size: take.size,
    sha256: take.sha256 === null ? null : Buffer.from(take.sha256).toString("hex"),
  };
}

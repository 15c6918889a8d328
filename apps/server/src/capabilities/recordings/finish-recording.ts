import type { Selectable } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { EvidenceTable, TakeTable } from "../../ports/tables.ts";
import { append, type AppendDeps, type NewEvent } from "../custody/index.ts";
import { decideAgain } from "../retention/index.ts";

type TakeRow = Selectable<TakeTable>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/**
 * When every take of an ended recording has its identity, the recording's evidence is stored: state, hashes, event and
 * media jobs in the caller's transaction, which holds the recording's row. Does nothing while a take is missing, while
 * the camera is back and records on, or when it was done already.
 */
export async function finishRecording(
  tx: Tx,
  deps: { custody: AppendDeps; clock: Clock; jobs: Jobs },
  agencyId: string,
  recordingId: string,
): Promise<void> {
  const recording = await tx.selectFrom("sworn.recording").selectAll().where("id", "=", recordingId).executeTakeFirst();
  const evidence = await tx.selectFrom("sworn.evidence").selectAll().where("id", "=", recordingId).executeTakeFirst();
  if (recording === undefined || evidence === undefined) return;
  if (recording.state === "live" || evidence.state !== "sealing") return;
  const takes = await tx
    .selectFrom("sworn.take")
    .selectAll()
    .where("recording_id", "=", recordingId)
    .orderBy("take")
    .execute();
  if (takes.some((take) => take.state === "open" || take.state === "sealing")) return;
  if (takes.some((take) => take.size > 0 && take.sha256 === null)) return;

  if (recording.state === "sealing")
    await tx.updateTable("sworn.recording").set({ state: "closed" }).where("id", "=", recordingId).execute();
  const kept = takes.filter((take) => take.size > 0);
  const now = new Date(deps.clock.now());
  if (!kept.some((take) => take.fragments > 0)) {
    await tx.updateTable("sworn.evidence").set({ state: "incomplete" }).where("id", "=", recordingId).execute();
    await append(tx, deps.custody, agencyId, {
      kind: "evidence.incomplete",
      subject: { kind: "evidence", id: recordingId },
      actorId: null,
      reason: "no-fragments",
      details: { takes: takes.length },
    });
    return;
  }
  const only = kept.length === 1 ? kept[0] : undefined;
  await tx
    .updateTable("sworn.evidence")
    .set({
      state: "stored",
      sha256: only?.sha256 ?? null,
      chunk_root: only?.chunk_root ?? null,
      size: kept.reduce((sum, take) => sum + take.size, 0),
      duration_ms: kept.reduce((sum, take) => sum + (take.duration_ms ?? 0), 0),
      stored_at: now,
      media_state: "pending",
    })
    .where("id", "=", recordingId)
    .execute();
  await decideAgain(tx, [recordingId]); // counted from the last byte, not from the first
  await append(tx, deps.custody, agencyId, storedEvent(evidence, kept));
  const job = { agencyId, id: recordingId };
  await deps.jobs.send(tx, "probe", job);
  await deps.jobs.send(tx, "poster", job);
  // Positions that the camera sent itself are the track; else they may lie inside the picture's file.
  const tracked = await tx
    .selectFrom("sworn.track")
    .select("take")
    .where("evidence_id", "=", recordingId)
    .limit(1)
    .executeTakeFirst();
  if (tracked === undefined) await deps.jobs.send(tx, "positions", job);
}

function storedEvent(evidence: Selectable<EvidenceTable>, takes: readonly TakeRow[]): NewEvent {
  const hashes: Record<string, string> = {};
  const many = takes.length > 1;
  for (const take of takes) {
    const prefix = many ? `take.${take.take}.` : "";
    if (take.sha256 !== null) hashes[`${prefix}sha256`] = hex(take.sha256);
    if (take.chunk_root !== null) hashes[`${prefix}chunkRoot`] = hex(take.chunk_root);
    if (take.fragment_root !== null) hashes[`${prefix}fragmentRoot`] = hex(take.fragment_root);
  }
  return {
    kind: "evidence.stored",
    subject: { kind: "evidence", id: evidence.id },
    actorId: null,
    hashes,
    details: {
      size: takes.reduce((sum, take) => sum + take.size, 0),
      takes: takes.length,
      ...(evidence.recorded_at === null ? {} : { recordedAt: evidence.recorded_at.toISOString() }),
    },
  };
}

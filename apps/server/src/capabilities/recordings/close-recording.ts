import { type CloseRecording, Problem, type RecordingStatus } from "@sworn/contract";
import { sql } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { append, type AppendDeps, actorOf } from "../custody/index.ts";
import { readStatus } from "./read-status.ts";

export interface CloseDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly jobs: Jobs;
}

/**
 * Ends a recording. A camera says how many fragments each take has: while some of an open take are missing it is
 * `fragment-gap` and nothing changes. What an interrupted take lacks stays visible as declared but not received.
 * Closing again is the same answer.
 */
export async function closeRecording(
  deps: CloseDeps,
  principal: Principal,
  recordingId: string,
  request: CloseRecording,
): Promise<RecordingStatus> {
  const { agencyId } = principal;
  if (new Set(request.takes.map(({ take }) => take)).size !== request.takes.length)
    throw new Problem("request-malformed", "A part is named twice.");
  return await deps.database.forAgency(agencyId, async (tx) => {
    const recording = await tx
      .selectFrom("sworn.recording")
      .selectAll()
      .where("id", "=", recordingId)
      .forUpdate()
      .executeTakeFirst();
    if (recording === undefined || recording.device_id !== principal.deviceId) throw new Problem("not-found");
    if (recording.state === "closed" || recording.state === "sealing") return await readStatus(tx, recordingId);

    const takes = await tx
      .selectFrom("sworn.take")
      .selectAll()
      .where("recording_id", "=", recordingId)
      .orderBy("take")
      .forUpdate()
      .execute();
    const now = new Date(deps.clock.now());
    const byNumber = new Map(takes.map((take) => [take.take, take]));
    for (const declared of request.takes) {
      const take = byNumber.get(declared.take);
      const received = take?.fragments ?? 0;
      if (declared.fragments > received && (take === undefined || take.state === "open")) {
        const extra = { take: declared.take, next: received };
        throw new Problem(
          "fragment-gap",
          `Part ${declared.take} has only ${received} of ${declared.fragments} fragments here.`,
          { extra },
        );
      }
    }
    // One statement: the camera says how many there are, and the rows it locks are wanted by those who roll and seal.
    await sql`
      update sworn.take t set declared_fragments = d.fragments
        from jsonb_to_recordset(${JSON.stringify(request.takes)}::jsonb) as d(take integer, fragments integer)
       where t.recording_id = ${recordingId} and t.take = d.take`.execute(tx); // one declared empty has no row
    await endTakes(
      tx,
      takes.filter((take) => take.state === "open").map((take) => take.id),
      "sealing",
      now,
    );
    await tx
      .updateTable("sworn.recording")
      .set({ state: "sealing", closed_at: now, close_reason: request.reason })
      .where("id", "=", recordingId)
      .execute();
    await tx.updateTable("sworn.evidence").set({ state: "sealing" }).where("id", "=", recordingId).execute();
    await append(tx, deps.custody, agencyId, {
      kind: "recording.closed",
      subject: { kind: "evidence", id: recordingId },
      ...actorOf(principal),
      reason: request.reason,
      details: { takes: request.takes.map(({ take, fragments }) => ({ take, fragments })) },
    });
    await sendSealing(tx, deps.jobs, agencyId, recordingId);
    return await readStatus(tx, recordingId);
  });
}

/** No fragment can join these takes any more; the commit of one that is under way finds them closed. */
export async function endTakes(
  tx: Tx,
  ids: readonly string[],
  state: "sealing" | "interrupted",
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable("sworn.take")
    .set({ state, closed_at: now })
    .where("id", "in", [...ids])
    .execute();
}

/**
 * One job per take whose every fragment is out of the spool; the others get theirs from the roller, with their last
 * span. Jobs are idempotent, so a take that was sealed before may get another.
 */
export async function sendSealing(tx: Tx, jobs: Jobs, agencyId: string, recordingId: string): Promise<void> {
  const ready = await sql<{ id: string }>`
    select t.id from sworn.take t
     where t.recording_id = ${recordingId} and t.state <> 'open'
       and not exists (select from sworn.fragment f where f.take_id = t.id and f.spool_node is not null)`.execute(tx);
  for (const { id } of ready.rows) await jobs.send(tx, "seal-take", { agencyId, id });
}

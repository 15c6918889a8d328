import { append, type AppendDeps } from "../custody/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { endTakes, sendSealing } from "./close-recording.ts";

export interface SweepDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly jobs: Jobs;
}

/**
 * Closes what has been silent for `silentMs` as interrupted, and has it sealed: a camera that was destroyed leaves
 * evidence, not a recording that is live for ever. Times are the server's; the camera's clock plays no part.
 */
export async function sweepSilent(deps: SweepDeps, silentMs: number): Promise<string[]> {
  const swept: string[] = [];
  const now = new Date(deps.clock.now());
  const before = new Date(now.getTime() - silentMs);
  for (const agencyId of await deps.database.agencyIds()) {
    const silent = await deps.database.forAgency(agencyId, (tx) =>
      tx
        .selectFrom("sworn.recording as recording")
        .select("id")
        .where("state", "=", "live")
        .where("last_byte_at", "<", before)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom("sworn.take")
                .select("id")
                .whereRef("recording_id", "=", "recording.id")
                .where("last_byte_at", ">=", before),
            ),
          ),
        )
        .execute(),
    );
    for (const { id } of silent) if (await interrupt(deps, agencyId, id, before, now)) swept.push(id);
  }
  return swept;
}

/** One transaction per recording, which looks again under the row's lock: the camera may just have come back. */
async function interrupt(deps: SweepDeps, agencyId: string, id: string, before: Date, now: Date): Promise<boolean> {
  return await deps.database.forAgency(agencyId, async (tx) => {
    const recording = await tx
      .selectFrom("sworn.recording")
      .select("state")
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    const takes = await tx.selectFrom("sworn.take").selectAll().where("recording_id", "=", id).forUpdate().execute();
    if (recording?.state !== "live" || takes.some((take) => take.last_byte_at >= before)) return false;
    const open = takes.filter((take) => take.state === "open");
    await endTakes(
      tx,
      open.map((take) => take.id),
      "interrupted",
      now,
    );
    await tx.updateTable("sworn.recording").set({ state: "interrupted" }).where("id", "=", id).execute();
    await tx.updateTable("sworn.evidence").set({ state: "sealing" }).where("id", "=", id).execute();
    for (const take of open) {
      await append(tx, deps.custody, agencyId, {
        kind: "take.interrupted",
        subject: { kind: "evidence", id },
        actorId: null,
        reason: "silent",
        details: { take: take.take, fragments: take.fragments, lastByteAt: take.last_byte_at.toISOString() },
      });
    }
    await sendSealing(tx, deps.jobs, agencyId, id);
    return true;
  });
}

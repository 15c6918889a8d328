import { randomUUID } from "node:crypto";
import { Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { ancestorsOf, assertVisible, descendantsOf } from "../access/index.ts";
import { type AppendDeps, actorOf, append, type NewEvent } from "../custody/index.ts";
import { decideAgain } from "../retention/index.ts";

export interface TimeDeps {
  readonly custody: AppendDeps;
}
interface Correction {
  readonly offsetMs: number;
  readonly uncertaintyMs: number | null;
  readonly reason: string;
}

/** Adds a correction to an item and to all that was made from it. */
export async function correctTime(
  tx: Tx,
  deps: TimeDeps,
  principal: Principal,
  id: string,
  correction: Correction,
): Promise<void> {
  await assertVisible(tx, principal, id);
  if ((await ancestorsOf(tx, [id])).length > 0)
    throw new Problem("request-malformed", "This was made from another item. Correct the original: this follows.");
  const all = [id, ...(await descendantsOf(tx, [id])).map((each) => each.id)];
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "recorded_at", "time_offset_ms"])
    .where("id", "in", all)
    .where("state", "!=", "disposed")
    .orderBy("id")
    .forUpdate()
    .execute();
  const own = rows.find((row) => row.id === id);
  if (own === undefined) throw new Problem("not-found");
  if (own.recorded_at === null)
    throw new Problem("request-malformed", "Nothing says when this was recorded, so there is no time to correct.");
  const { offsetMs } = correction;
  if (offsetMs === own.time_offset_ms) return;
  for (const row of rows) {
    if (row.recorded_at === null) continue;
    const sourceAt = new Date(row.recorded_at.getTime() - row.time_offset_ms);
    await tx
      .updateTable("sworn.evidence")
      .set({ recorded_at: new Date(sourceAt.getTime() + offsetMs), time_offset_ms: offsetMs })
      .where("id", "=", row.id)
      .execute();
    const follows = row.id === id ? null : id;
    await keepCorrection(
      tx,
      deps,
      principal.agencyId,
      { ...actorOf(principal), evidenceId: row.id, sourceAt, follows },
      correction,
    );
  }
  await decideAgain(tx, [id]);
}

/** The row and its event. Also for a new derivative of an item whose time was corrected. */
export async function keepCorrection(
  tx: Tx,
  deps: TimeDeps,
  agencyId: string,
  about: Pick<NewEvent, "actorId" | "actorKind"> & {
    readonly evidenceId: string;
    readonly sourceAt: Date;
    readonly follows: string | null;
  },
  { offsetMs, uncertaintyMs, reason }: Correction,
): Promise<void> {
  const { evidenceId, sourceAt, follows, ...actor } = about;
  const id = randomUUID();
  const row = await tx
    .insertInto("sworn.time_correction")
    .values({
      id,
      agency_id: agencyId,
      evidence_id: evidenceId,
      n: sql<number>`(select coalesce(max(t.n), 0) + 1 from sworn.time_correction t where t.evidence_id = ${evidenceId})`,
      source_at: sourceAt,
      offset_ms: offsetMs,
      uncertainty_ms: uncertaintyMs,
      reason,
      corrected_by: actor.actorId ?? agencyId,
    })
    .returning("n")
    .executeTakeFirstOrThrow();
  await append(tx, deps.custody, agencyId, {
    kind: "evidence.time-corrected",
    subject: { kind: "evidence", id: evidenceId },
    ...actor,
    reason,
    details: {
      correction: id,
      n: row.n,
      offsetMs,
      uncertaintyMs,
      sourceAt: sourceAt.toISOString(),
      ...(follows === null ? {} : { follows }),
    },
  });
}

/** The last correction of an item that has one. */
export async function lastCorrection(tx: Tx, evidenceId: string): Promise<Correction | undefined> {
  const row = await tx
    .selectFrom("sworn.time_correction")
    .select(["offset_ms", "uncertainty_ms", "reason"])
    .where("evidence_id", "=", evidenceId)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { offsetMs: row.offset_ms, uncertaintyMs: row.uncertainty_ms, reason: row.reason };
}

import { type EvidenceTimes, Problem, TimeSource } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

/** All that is known of when an item was recorded, each with where it comes from. */
export async function readTimes(tx: Tx, principal: Principal, id: string): Promise<EvidenceTimes> {
  const row = await tx
    .selectFrom("sworn.evidence")
    .select(["recorded_at", "time_offset_ms", "time_source", "time_uncertainty_ms", "received_at", "stored_at"])
    .where("id", "=", id)
    .where(visibleEvidence(principal))
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  const track = await tx
    .selectFrom("sworn.track")
    .select(["from_at", "to_at", "source"])
    .where("evidence_id", "=", id)
    .where("from_at", "is not", null)
    .orderBy("take")
    .limit(1)
    .executeTakeFirst();
  const corrections = await tx
    .selectFrom("sworn.time_correction")
    .selectAll()
    .where("evidence_id", "=", id)
    .orderBy("n", "desc")
    .limit(100)
    .execute();
  const names = await actorNames(tx, [...new Set(corrections.map(({ corrected_by }) => corrected_by))]);
  const sourceAt = row.recorded_at === null ? null : new Date(row.recorded_at.getTime() - row.time_offset_ms);
  const source = TimeSource.catch("unknown").parse(row.time_source);
  const first = track?.from_at ?? null;
  return {
    recordedAt: row.recorded_at?.toISOString() ?? null,
    sourceAt: sourceAt?.toISOString() ?? null,
    source,
    sourceUncertaintyMs: row.time_uncertainty_ms,
    receivedAt: row.received_at.toISOString(),
    storedAt: row.stored_at?.toISOString() ?? null,
    gnss:
      track === undefined || first === null
        ? null
        : { from: first.toISOString(), to: track.to_at?.toISOString() ?? null, source: track.source },
    driftMs: first === null || sourceAt === null || source === "gnss" ? null : first.getTime() - sourceAt.getTime(),
    corrections: corrections.map((each) => ({
      n: each.n,
      offsetMs: each.offset_ms,
      uncertaintyMs: each.uncertainty_ms,
      reason: each.reason,
      by: { id: each.corrected_by, name: names.get(each.corrected_by) ?? "" },
      at: each.corrected_at.toISOString(),
    })),
  };
}

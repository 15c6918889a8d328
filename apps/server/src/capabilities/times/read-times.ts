import { type EvidenceTimes, Problem, TimeSource } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

export interface ReadTimesDeps {
  readonly database: Database;
  /** When the picture began by the satellites' clock, as this track file says; null where it says nothing. */
  readonly satelliteStart: (agencyId: string, fileId: string) => Promise<number | null>;
}

/** All that is known of when an item was recorded, each with where it comes from. */
export async function readTimes(deps: ReadTimesDeps, principal: Principal, id: string): Promise<EvidenceTimes> {
  const { agencyId } = principal;
  const { driftFrom, ...times } = await deps.database.forAgency(agencyId, (tx) => readRows(tx, principal, id));
  const start = driftFrom === null ? null : await deps.satelliteStart(agencyId, driftFrom.fileId);
  return { ...times, driftMs: start === null || driftFrom === null ? null : start - driftFrom.sourceAt.getTime() };
}

type Rows = Omit<EvidenceTimes, "driftMs"> & { readonly driftFrom: { fileId: string; sourceAt: Date } | null };

async function readRows(tx: Tx, principal: Principal, id: string): Promise<Rows> {
  const row = await tx
    .selectFrom("sworn.evidence")
    .select([
      "state",
      "recorded_at",
      "time_offset_ms",
      "time_source",
      "time_uncertainty_ms",
      "received_at",
      "stored_at",
    ])
    .where("id", "=", id)
    .where(visibleEvidence(principal))
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  const tracks = await tx
    .selectFrom("sworn.track")
    .select(["take", "from_at", "to_at", "source", "file_id"])
    .where("evidence_id", "=", id)
    .where("from_at", "is not", null)
    .orderBy("take")
    .execute();
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
  const [track] = tracks;
  const first = track?.from_at ?? null;
  // How long the breaks between takes were is not known, so only the first take tells about the clock.
  const tells = row.state !== "disposed" && track?.take === 0 && sourceAt !== null && source !== "gnss";
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
        : { from: first.toISOString(), to: tracks.at(-1)?.to_at?.toISOString() ?? null, source: track.source },
    driftFrom: tells ? { fileId: track.file_id, sourceAt } : null,
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

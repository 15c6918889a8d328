import type { Selectable } from "kysely";
import type { MediaFacts } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import type { Verdict } from "./rules.ts";

export type EvidenceRow = Selectable<EvidenceTable>;

export async function findEvidence(tx: Tx, id: string): Promise<EvidenceRow | undefined> {
  return await tx.selectFrom("sworn.evidence").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The original that is looked at: of several takes the first that holds anything. */
export async function firstOriginal(
  tx: Tx,
  evidenceId: string,
): Promise<{ id: string; size: number; take: number } | undefined> {
  return await tx
    .selectFrom("sworn.file")
    .select(["id", "size", "take"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "original")
    .where("size", ">", 0)
    .orderBy("take")
    .limit(1)
    .executeTakeFirst();
}

export async function findPoster(tx: Tx, evidenceId: string): Promise<{ id: string; size: number } | undefined> {
  return await tx
    .selectFrom("sworn.file")
    .select(["id", "size"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "poster")
    .where("state", "=", "stored")
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
}

// A recording whose line broke all day long has a few dozen.
const MAX_TAKES = 200;

/** The originals of an item that hold anything, one per take. */
export async function originalsOf(tx: Tx, evidenceId: string): Promise<{ id: string; take: number }[]> {
  return await tx
    .selectFrom("sworn.file")
    .select(["id", "take"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "original")
    .where("size", ">", 0)
    .orderBy("take")
    .limit(MAX_TAKES)
    .execute();
}

export async function hasDerivative(
  tx: Tx,
  evidenceId: string,
  role: "storyboard" | "waveform",
  take: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom("sworn.file")
    .select("id")
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", role)
    .where("take", "=", take)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function setMediaState(
  tx: Tx,
  id: string,
  verdict: Pick<Verdict, "state" | "detail"> & { readonly code: string | null },
): Promise<void> {
  await tx
    .updateTable("sworn.evidence")
    .set({ media_state: verdict.state, media_code: verdict.code, media_detail: verdict.detail })
    .where("id", "=", id)
    .execute();
}

/** Facts, and what the item did not know before: never over a time or a length that somebody else stated. */
export async function setFacts(tx: Tx, row: EvidenceRow, facts: MediaFacts): Promise<void> {
  const claimed = row.recorded_at === null ? facts.createdAt : null;
  await tx
    .updateTable("sworn.evidence")
    .set({
      media_facts: JSON.stringify(facts),
      duration_ms: row.duration_ms ?? facts.durationMs,
      ...(facts.video === null && facts.audio !== null ? { kind: "audio" as const } : {}),
      ...(claimed === null ? {} : { recorded_at: new Date(claimed), time_source: "file" }),
    })
    .where("id", "=", row.id)
    .execute();
}

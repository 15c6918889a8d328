import { Problem } from "@sworn/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertVisible } from "./visible-evidence.ts";

/**
 * A condition over `sworn.evidence`: somebody who was involved may not look at the item before their statement is
 * recorded. It stays in their lists, without its picture. What was made from it is locked with it.
 */
export function lockedFor(personId: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from sworn.statement_lock_person lp
    join sworn.statement_lock l on l.id = lp.lock_id
    join sworn.incident_evidence m on m.incident_id = l.incident_id
    where lp.person_id = ${personId} and lp.ended_at is null
      and (m.evidence_id = sworn.evidence.id or m.evidence_id in (
        select d.source_id from sworn.derivation d where d.evidence_id = sworn.evidence.id)))`;
}

/** Throws `not-found` as `assertVisible` does, and `statement-first` where a lock lies between this person and it. */
export async function assertViewable(tx: Tx, principal: Principal, evidenceId: string): Promise<void> {
  await assertVisible(tx, principal, evidenceId);
  if (principal.personId === null) return;
  if ((await lockedAmong(tx, principal, [evidenceId])).has(evidenceId)) throw new Problem("statement-first");
}

/** Which of these this person may not look at yet. */
export async function lockedAmong(tx: Tx, principal: Principal, ids: readonly string[]): Promise<Set<string>> {
  if (principal.personId === null || ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("id", "in", ids)
    .where(lockedFor(principal.personId))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Whether a lock on this incident lasts for this person. */
export async function lockedBy(tx: Tx, personId: string, incidentId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("sworn.statement_lock_person as lp")
    .innerJoin("sworn.statement_lock as l", "l.id", "lp.lock_id")
    .select("l.id")
    .where("l.incident_id", "=", incidentId)
    .where("lp.person_id", "=", personId)
    .where("lp.ended_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

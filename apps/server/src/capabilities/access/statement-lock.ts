import { Problem } from "@sworn/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertVisible } from "./visible-evidence.ts";

/**
 * A condition over `sworn.evidence`: somebody who was involved may not look at the item before their statement is
 * recorded. It stays in their lists, without its picture. Its whole family is locked with it: a still of a clip shows
 * what the original shows, and so does the original of a clip.
 */
function lockedFor(people: readonly string[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    with recursive family as (
      select sworn.evidence.id as id
      union select near.id from family f cross join lateral (
        select d.source_id as id from sworn.derivation d where d.evidence_id = f.id
        union all select d.evidence_id from sworn.derivation d where d.source_id = f.id) near)
    select from family f
    join sworn.statement_lock_person lp on lp.person_id = any(${[...people]}::uuid[]) and lp.ended_at is null
    join sworn.statement_lock l on l.id = lp.lock_id
    where l.evidence_id = f.id or exists (
      select from sworn.incident_evidence m where m.incident_id = l.incident_id and m.evidence_id = f.id))`;
}

/**
 * Whose locks count: a key is its maker's, who must not watch with it what is kept from them. Who acts for another one is
 * kept from what either of them is kept from.
 */
function watchersOf({ personId, makerId, behalf }: Principal): string[] {
  return [personId ?? makerId, behalf?.personId].filter((id) => id !== null && id !== undefined);
}

/** The condition for this principal; null where no lock lasts for them, as for most, who are not asked item by item. */
export async function lockedOut(tx: Tx, principal: Principal): Promise<RawBuilder<SqlBool> | null> {
  const watchers = watchersOf(principal);
  if (watchers.length === 0) return null;
  const any = await tx
    .selectFrom("sworn.statement_lock_person")
    .select("lock_id")
    .where("person_id", "in", watchers)
    .where("ended_at", "is", null)
    .limit(1)
    .executeTakeFirst();
  return any === undefined ? null : lockedFor(watchers);
}

/** Throws `not-found` as `assertVisible` does, and `statement-first` where a lock lies between this person and it. */
export async function assertViewable(tx: Tx, principal: Principal, evidenceId: string): Promise<void> {
  await assertVisible(tx, principal, evidenceId);
  if ((await lockedAmong(tx, principal, [evidenceId])).has(evidenceId)) throw new Problem("statement-first");
}

/** Of these people, those for whom the item is locked. */
export async function lockedPeople(tx: Tx, evidenceId: string, people: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const id of people) {
    const row = await tx
      .selectFrom("sworn.evidence")
      .select("id")
      .where("id", "=", evidenceId)
      .where(lockedFor([id]))
      .executeTakeFirst();
    if (row !== undefined) found.add(id);
  }
  return found;
}

/** Which of these this person may not look at yet. */
export async function lockedAmong(tx: Tx, principal: Principal, ids: readonly string[]): Promise<Set<string>> {
  const locked = ids.length === 0 ? null : await lockedOut(tx, principal);
  if (locked === null) return new Set();
  const rows = await tx.selectFrom("sworn.evidence").select("id").where("id", "in", ids).where(locked).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Whether a lock on this incident lasts for this principal. */
export async function lockedBy(tx: Tx, principal: Principal, incidentId: string): Promise<boolean> {
  const watchers = watchersOf(principal);
  if (watchers.length === 0) return false;
  const row = await tx
    .selectFrom("sworn.statement_lock_person as lp")
    .innerJoin("sworn.statement_lock as l", "l.id", "lp.lock_id")
    .select("l.id")
    .where("l.incident_id", "=", incidentId)
    .where("lp.person_id", "in", watchers)
    .where("lp.ended_at", "is", null)
    .executeTakeFirst();
  return row !== undefined;
}

import { type PlaceLock, Problem, type RecordStatement, type StatementLock } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertSeesIncident, assertVisible, visibleEvidence } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import type { IncidentDeps } from "../incidents/index.ts";

/** What is locked: an incident with all that shows it, or one item. */
export interface Locked {
  readonly kind: "incident" | "evidence";
  readonly id: string;
}

/** Throws `not-found`, the same for "does not exist" and "not yours". */
export async function assertSees(tx: Tx, principal: Principal, { kind, id }: Locked): Promise<void> {
  await (kind === "incident" ? assertSeesIncident : assertVisible)(tx, principal, id);
}

const columnOf = ({ kind }: Locked): "incident_id" | "evidence_id" =>
  kind === "incident" ? "incident_id" : "evidence_id";

/** Theirs, or of whom they act for: nobody has their own lock placed or ended by whom they lent their reach. */
const isOwn = ({ personId, behalf }: Principal, person: string): boolean =>
  person === personId || person === behalf?.personId;

/** Locks an incident or an item for those involved: whom the principal names, or else every wearer of what they see of it. */
export async function placeLock(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  locked: Locked,
  { reason, personIds }: z.output<typeof PlaceLock>,
): Promise<StatementLock> {
  await assertSees(tx, principal, locked);
  const people = personIds === undefined ? await wearersOf(tx, principal, locked) : [...new Set(personIds)];
  if (people.length === 0)
    throw new Problem("request-malformed", "Nobody is known to have recorded this. Say who was involved.");
  if (people.some((id) => isOwn(principal, id)))
    throw new Problem("not-allowed", "You were involved yourself. Another supervisor has to lock this.");
  const known = await tx
    .selectFrom("sworn.person")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("id", "in", people)
    .executeTakeFirstOrThrow();
  if (known.count !== people.length) throw new Problem("request-malformed", "There is no such person in this agency.");
  const id = randomUUID();
  const agency_id = principal.agencyId;
  const at = new Date(deps.clock.now());
  await tx
    .insertInto("sworn.statement_lock")
    .values({
      id,
      agency_id,
      incident_id: null,
      evidence_id: null,
      [columnOf(locked)]: locked.id,
      reason,
      placed_by: principal.actorId,
      placed_at: at,
    })
    .execute();
  const none = { statement_at: null, taken_by: null, ended_at: null, ended_by: null, end_reason: null };
  await tx
    .insertInto("sworn.statement_lock_person")
    .values(people.map((person_id) => ({ lock_id: id, person_id, agency_id, ...none })))
    .execute();
  await append(tx, deps.custody, agency_id, {
    kind: "statement.locked",
    subject: { kind: locked.kind, id: locked.id },
    ...actorOf(principal),
    reason,
    details: { lock: id, people: people.toSorted() },
  });
  return await readLock(tx, locked, id);
}

/** The statement is on record: when it was taken, and by whom. It unlocks nothing yet. */
export async function recordStatement(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  of: Locked & { readonly lock: string; readonly person: string },
  { at, takenBy }: z.output<typeof RecordStatement>,
): Promise<StatementLock> {
  const locked = await findLocked(tx, principal, of);
  if (locked.statement_at !== null) throw new Problem("request-malformed", "Their statement is recorded already.");
  const when = new Date(at);
  if (when.getTime() > deps.clock.now() + 60_000)
    throw new Problem("request-malformed", "A statement cannot have been taken in the future.");
  await tx
    .updateTable("sworn.statement_lock_person")
    .set({ statement_at: when, taken_by: takenBy })
    .where("lock_id", "=", of.lock)
    .where("person_id", "=", of.person)
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "statement.recorded",
    subject: { kind: of.kind, id: of.id },
    ...actorOf(principal),
    details: { lock: of.lock, person: of.person, at: when.toISOString() },
  });
  return await readLock(tx, of, of.lock);
}

/** Ends the lock for one person: after their statement, or because it was a mistake. */
export async function endLock(
  tx: Tx,
  deps: IncidentDeps,
  principal: Principal,
  of: Locked & { readonly lock: string; readonly person: string },
  { reason, mistake }: { readonly reason: string; readonly mistake: boolean },
): Promise<StatementLock> {
  const locked = await findLocked(tx, principal, of);
  if (locked.statement_at === null && !mistake)
    throw new Problem("statement-first", "Record their statement first: the lock lasts until then.");
  await tx
    .updateTable("sworn.statement_lock_person")
    .set({ ended_at: new Date(deps.clock.now()), ended_by: principal.actorId, end_reason: reason })
    .where("lock_id", "=", of.lock)
    .where("person_id", "=", of.person)
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "statement.unlocked",
    subject: { kind: of.kind, id: of.id },
    ...actorOf(principal),
    reason,
    details: { lock: of.lock, person: of.person, mistake: mistake ? "yes" : "no" },
  });
  return await readLock(tx, of, of.lock);
}

/** Its locks, the newest first. */
export async function listLocks(tx: Tx, locked: Locked): Promise<StatementLock[]> {
  const locks = await tx
    .selectFrom("sworn.statement_lock")
    .selectAll()
    .where(columnOf(locked), "=", locked.id)
    .orderBy("placed_at", "desc")
    .limit(50)
    .execute();
  if (locks.length === 0) return [];
  const people = await tx
    .selectFrom("sworn.statement_lock_person")
    .selectAll()
    .where(
      "lock_id",
      "in",
      locks.map(({ id }) => id),
    )
    .orderBy("person_id")
    .execute();
  const ids = [
    ...locks.map((lock) => lock.placed_by),
    ...people.flatMap((row) => [row.person_id, row.ended_by ?? []].flat()),
  ];
  const names = await actorNames(tx, [...new Set(ids)]);
  return locks.map((lock) => ({
    id: lock.id,
    reason: lock.reason,
    placedBy: names.get(lock.placed_by) ?? null,
    placedAt: lock.placed_at.toISOString(),
    people: people
      .filter((row) => row.lock_id === lock.id)
      .map((row) => ({
        id: row.person_id,
        name: names.get(row.person_id) ?? "",
        statementAt: row.statement_at?.toISOString() ?? null,
        takenBy: row.taken_by,
        endedAt: row.ended_at?.toISOString() ?? null,
        endedBy: row.ended_by === null ? null : (names.get(row.ended_by) ?? null),
        endReason: row.end_reason,
      })),
  }));
}

async function readLock(tx: Tx, locked: Locked, id: string): Promise<StatementLock> {
  const found = (await listLocks(tx, locked)).find((lock) => lock.id === id);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

async function findLocked(
  tx: Tx,
  principal: Principal,
  of: Locked & { readonly lock: string; readonly person: string },
): Promise<{ statement_at: Date | null }> {
  await assertSees(tx, principal, of);
  if (isOwn(principal, of.person))
    throw new Problem("not-allowed", "This is your own lock. Another supervisor has to do this.");
  const row = await tx
    .selectFrom("sworn.statement_lock_person as lp")
    .innerJoin("sworn.statement_lock as l", "l.id", "lp.lock_id")
    .select("lp.statement_at")
    .where("l.id", "=", of.lock)
    .where(`l.${columnOf(of)}`, "=", of.id)
    .where("lp.person_id", "=", of.person)
    .where("lp.ended_at", "is", null)
    .forUpdate("lp")
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  return row;
}

async function wearersOf(tx: Tx, principal: Principal, { kind, id }: Locked): Promise<string[]> {
  let query = tx.selectFrom("sworn.evidence").select("sworn.evidence.person_id").distinct();
  query =
    kind === "evidence"
      ? query.where("sworn.evidence.id", "=", id)
      : query.where("sworn.evidence.id", "in", (eb) =>
          eb
            .selectFrom("sworn.incident_evidence")
            .select("sworn.incident_evidence.evidence_id")
            .where("sworn.incident_evidence.incident_id", "=", id),
        );
  const rows = await query.where(visibleEvidence(principal)).execute();
  return rows.flatMap((row) => row.person_id ?? []);
}

import { Problem, type Unit } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import type { UnitsDeps } from "./units-deps.ts";

interface UnitChange {
  readonly name?: string | undefined;
  readonly parentId?: string | null | undefined;
  readonly archived?: boolean | undefined;
}

export async function listUnits(tx: Tx): Promise<Unit[]> {
  const rows = await tx
    .selectFrom("sworn.unit")
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom("sworn.person")
        .select((count) => count.fn.countAll<number>().as("people"))
        .whereRef("sworn.person.unit_id", "=", "sworn.unit.id")
        .where("sworn.person.disabled_at", "is", null)
        .as("people"),
    )
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    parentId: row.parent_id,
    people: row.people ?? 0,
    createdAt: row.created_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  }));
}

export async function createUnit(
  tx: Tx,
  deps: Pick<UnitsDeps, "custody">,
  principal: Principal,
  { name, parentId }: { readonly name: string; readonly parentId: string | null },
): Promise<Unit> {
  await lockTree(tx);
  if (parentId !== null) await findUnit(tx, parentId);
  await assertFree(tx, name, parentId, null);
  const id = randomUUID();
  await tx
    .insertInto("sworn.unit")
    .values({ id, agency_id: principal.agencyId, name, parent_id: parentId, archived_at: null })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "unit.created",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: { unit: id, name, parent: parentId },
  });
  return await findUnit(tx, id);
}

export async function changeUnit(
  tx: Tx,
  deps: UnitsDeps,
  principal: Principal,
  id: string,
  change: UnitChange,
): Promise<Unit> {
  await lockTree(tx);
  const before = await findUnit(tx, id, new Problem("not-found"));
  const name = change.name ?? before.name;
  const parentId = change.parentId === undefined ? before.parentId : change.parentId;
  if (parentId !== null) {
    await findUnit(tx, parentId);
    if (await isBelow(tx, parentId, id))
      throw new Problem("request-malformed", "A unit cannot be put below itself or below a unit of its own.");
  }
  await assertFree(tx, name, parentId, id);
  const archived = change.archived ?? before.archivedAt !== null;
  const archived_at = archived ? new Date(before.archivedAt ?? deps.clock.now()) : null;
  await tx.updateTable("sworn.unit").set({ name, parent_id: parentId, archived_at }).where("id", "=", id).execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "unit.changed",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: {
      unit: id,
      name,
      parent: parentId,
      archived: archived ? "yes" : "no",
      before: { name: before.name, parent: before.parentId, archived: before.archivedAt === null ? "no" : "yes" },
    },
  });
  return await findUnit(tx, id);
}

/** Two moves at once could make a ring that neither of them sees. */
async function lockTree(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('units ' || sworn.current_agency(), 2))`.execute(tx);
}

/** `otherwise`: for one that an address names, and not a body. */
async function findUnit(
  tx: Tx,
  id: string,
  otherwise = new Problem("request-malformed", "There is no such unit."),
): Promise<Unit> {
  const found = (await listUnits(tx)).find((unit) => unit.id === id);
  if (found === undefined) throw otherwise;
  return found;
}

/** Whether `id` is `ancestor` or lies below it. */
async function isBelow(tx: Tx, id: string, ancestor: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    with recursive above as (
      select u.id, u.parent_id from sworn.unit u where u.id = ${id}
      union select u.id, u.parent_id from sworn.unit u join above a on u.id = a.parent_id)
    select exists (select from above where id = ${ancestor}) as found`.execute(tx);
  return rows[0]?.found === true;
}

async function assertFree(tx: Tx, name: string, parentId: string | null, own: string | null): Promise<void> {
  const taken = await tx
    .selectFrom("sworn.unit")
    .select("id")
    .where("name", "=", name)
    .where(sql<SqlBool>`parent_id is not distinct from ${parentId}::uuid`)
    .executeTakeFirst();
  if (taken !== undefined && taken.id !== own) throw new Problem("name-taken");
}

import { Problem, type RestrictedClass } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import type { UnitsDeps } from "./units-deps.ts";

export async function listClasses(tx: Tx): Promise<RestrictedClass[]> {
  const classes = await tx.selectFrom("sworn.restricted_class").selectAll().orderBy("name").execute();
  const members = await tx
    .selectFrom("sworn.restricted_member")
    .innerJoin("sworn.person", "sworn.person.id", "sworn.restricted_member.person_id")
    .select(["class_id", "sworn.person.id", "sworn.person.name"])
    .orderBy("sworn.person.name")
    .execute();
  return classes.map((row) => ({
    id: row.id,
    name: row.name,
    contact: row.contact,
    members: members.filter(({ class_id }) => class_id === row.id).map(({ id, name }) => ({ id, name })),
    archivedAt: row.archived_at?.toISOString() ?? null,
  }));
}

export async function createClass(
  tx: Tx,
  deps: UnitsDeps,
  principal: Principal,
  { name, contact }: { readonly name: string; readonly contact: string },
): Promise<RestrictedClass> {
  const taken = await tx.selectFrom("sworn.restricted_class").select("id").where("name", "=", name).executeTakeFirst();
  if (taken !== undefined) throw new Problem("name-taken");
  const id = randomUUID();
  await tx
    .insertInto("sworn.restricted_class")
    .values({ id, agency_id: principal.agencyId, name, contact, archived_at: null })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "class.created",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: { class: id, name },
  });
  return await findClass(tx, id);
}

/** An archived class takes no new items; those it has stay its own, and its members go on seeing them. */
export async function changeClass(
  tx: Tx,
  deps: UnitsDeps,
  principal: Principal,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly contact?: string | undefined;
    readonly archived?: boolean | undefined;
  },
): Promise<RestrictedClass> {
  const before = await findClass(tx, id);
  const { name = before.name, contact = before.contact, archived = before.archivedAt !== null } = change;
  const taken = await tx.selectFrom("sworn.restricted_class").select("id").where("name", "=", name).executeTakeFirst();
  if (taken !== undefined && taken.id !== id) throw new Problem("name-taken");
  const archived_at = archived ? new Date(before.archivedAt ?? deps.clock.now()) : null;
  await tx.updateTable("sworn.restricted_class").set({ name, contact, archived_at }).where("id", "=", id).execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "class.changed",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: {
      class: id,
      name,
      contact,
      archived: archived ? "yes" : "no",
      before: {
        name: before.name,
        contact: before.contact,
        archived: before.archivedAt === null ? "no" : "yes",
      },
    },
  });
  return await findClass(tx, id);
}

/** Adds or removes one member. Doing it twice is once. */
export async function changeMember(
  tx: Tx,
  deps: UnitsDeps,
  principal: Principal,
  change: { readonly classId: string; readonly personId: string; readonly member: boolean },
): Promise<RestrictedClass> {
  const { classId, personId, member } = change;
  const { name } = await findClass(tx, classId);
  const person = await tx.selectFrom("sworn.person").select("id").where("id", "=", personId).executeTakeFirst();
  if (person === undefined) throw new Problem("not-found");
  const rows = member
    ? await tx
        .insertInto("sworn.restricted_member")
        .values({ class_id: classId, person_id: personId, agency_id: principal.agencyId })
        .onConflict((conflict) => conflict.doNothing())
        .returning("person_id")
        .execute()
    : await tx
        .deleteFrom("sworn.restricted_member")
        .where("class_id", "=", classId)
        .where("person_id", "=", personId)
        .returning("person_id")
        .execute();
  if (rows.length > 0)
    await append(tx, deps.custody, principal.agencyId, {
      kind: "class.changed",
      subject: { kind: "agency", id: principal.agencyId },
      ...actorOf(principal),
      details: { class: classId, name, [member ? "added" : "removed"]: personId },
    });
  return await findClass(tx, classId);
}

async function findClass(tx: Tx, id: string): Promise<RestrictedClass> {
  const found = (await listClasses(tx)).find((each) => each.id === id);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

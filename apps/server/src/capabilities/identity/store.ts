import { type Device, Language, type Me, permissions, type Person, Problem, Role } from "@sworn/contract";
import type { Selectable } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { PersonTable } from "../../ports/tables.ts";

export async function readMe(tx: Tx, principal: Principal, sendsMail = false): Promise<Me> {
  const agency = await tx.selectFrom("sworn.agency").select(["id", "name", "time_zone", "language"]).executeTakeFirst();
  if (agency === undefined) throw new Problem("not-signed-in");
  const deployment = await tx.selectFrom("sworn.deployment").select("recovery_sheet_at").executeTakeFirst();
  const me = {
    agency: { id: agency.id, name: agency.name, timeZone: agency.time_zone, language: languageOf(agency.language) },
    permissions: permissions.filter((permission) => may(principal, permission)),
    recoverySheetMade: (deployment?.recovery_sheet_at ?? null) !== null,
  };
  if (principal.personId !== null) {
    const { id, name, email, language, mail_mentions } = await tx
      .selectFrom("sworn.person")
      .select(["id", "name", "email", "language", "mail_mentions"])
      .where("id", "=", principal.personId)
      .executeTakeFirstOrThrow();
    return {
      ...me,
      person: { id, name, email, roles: [...principal.roles] },
      key: null,
      language: languageOf(language),
      mailMentions: sendsMail ? mail_mentions : null,
      acting: await readActing(tx, principal),
    };
  }
  const key = await tx
    .selectFrom("sworn.api_key")
    .select(["id", "name", "role"])
    .where("id", "=", principal.actorId)
    .executeTakeFirstOrThrow();
  const { id, name } = key;
  return {
    ...me,
    person: null,
    key: { id, name, role: Role.parse(key.role) },
    language: null,
    mailMentions: null,
    acting: null,
  };
}

async function readActing(tx: Tx, { behalf, roles }: Principal): Promise<Me["acting"]> {
  if (behalf === undefined) return null;
  const row = await tx
    .selectFrom("sworn.delegation as d")
    .innerJoin("sworn.person as g", "g.id", "d.giver_id")
    .select(["d.id", "d.until_at", "g.id as giver", "g.name"])
    .where("d.id", "=", behalf.delegationId)
    .executeTakeFirstOrThrow();
  const { id, until_at: until, giver, name } = row;
  return { id, for: { id: giver, name }, roles: [...roles], until: until.toISOString() };
}

/** One that an older server does not know is none. */
const languageOf = (text: string | null): Me["language"] => Language.safeParse(text).data ?? null;

/** Null: what the browser asks for. Not an event: it changes nothing about anybody's evidence. */
export async function chooseLanguage(tx: Tx, principal: Principal, language: Me["language"]): Promise<void> {
  if (principal.personId === null) throw new Problem("not-allowed", "A key reads no screens.");
  await tx.updateTable("sworn.person").set({ language }).where("id", "=", principal.personId).execute();
}

/** Not an event either. */
export async function chooseMail(tx: Tx, principal: Principal, mentions: boolean): Promise<void> {
  if (principal.personId === null) throw new Problem("not-allowed", "A key gets no letters.");
  const set = { mail_mentions: mentions };
  await tx.updateTable("sworn.person").set(set).where("id", "=", principal.personId).execute();
}

export async function listPeople(tx: Tx): Promise<Person[]> {
  const rows = await tx.selectFrom("sworn.person").select(personColumns).orderBy("name").execute();
  return rows.map(describePerson);
}

export async function readPerson(tx: Tx, id: string): Promise<Person> {
  const row = await tx.selectFrom("sworn.person").select(personColumns).where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  return describePerson(row);
}

const personColumns = ["id", "name", "email", "roles", "unit_id", "badge", "created_at", "disabled_at"] as const;
type PersonRow = Pick<Selectable<PersonTable>, (typeof personColumns)[number]>;

function describePerson(row: PersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    unitId: row.unit_id,
    badge: row.badge,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
  };
}

export async function listDevices(tx: Tx): Promise<z.infer<typeof Device>[]> {
  const rows = await tx
    .selectFrom("sworn.device")
    .select(["id", "name", "model", "created_at", "revoked_at"])
    .orderBy("name")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    model: row.model,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
}

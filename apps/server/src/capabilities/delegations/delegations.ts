import { randomUUID } from "node:crypto";
import { type Delegation, type DelegationList, type DelegationQuery, LentRole, Problem } from "@sworn/contract";
import type { MakeDelegation } from "@sworn/contract";
import { outsideRoles } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { DelegationTable } from "../../ports/sign-in-tables.ts";
import { readScope } from "../access/index.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";

export interface DelegationDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}
type Row = Selectable<DelegationTable>;

const DAY_MS = 24 * 3600 * 1000;
const LONGEST_DAYS = 180;
/** More at once from one person are a mistake. */
const MOST_OPEN = 20;

/** Lends what the principal has. `request-malformed`, `not-allowed`. */
export async function makeDelegation(
  tx: Tx,
  deps: DelegationDeps,
  principal: Principal,
  request: z.output<typeof MakeDelegation>,
): Promise<Delegation> {
  const { personId } = principal;
  if (personId === null) throw new Problem("not-allowed", "A key lends nothing.");
  if (principal.behalf !== undefined)
    throw new Problem("not-allowed", "You act for somebody else: what was lent to you is not yours to lend on.");
  const roles = [...new Set(request.roles)];
  const missing = roles.filter((role) => !principal.roles.includes(role));
  if (missing.length > 0) throw new Problem("not-allowed", `You have no role ${missing.join(", ")} to lend.`);
  const now = deps.clock.now();
  const from = request.from === undefined ? new Date(now) : new Date(request.from);
  const until = new Date(request.until);
  if (until.getTime() <= now || until <= from)
    throw new Problem("request-malformed", "It would be over before it began. Choose a later end.");
  if (until.getTime() - Math.max(now, from.getTime()) > LONGEST_DAYS * DAY_MS || from.getTime() > now + 365 * DAY_MS)
    throw new Problem("request-malformed", "At most 180 days, beginning within a year. It can be made again.");
  await assertReceiver(tx, personId, request.toId);
  const unit = await unitOf(tx, personId, request.unitId);
  const open = await tx
    .selectFrom("sworn.delegation")
    .select("id")
    .where("giver_id", "=", personId)
    .where("ended_at", "is", null)
    .where("until_at", ">", new Date(now))
    .limit(MOST_OPEN)
    .execute();
  if (open.length >= MOST_OPEN)
    throw new Problem("request-malformed", "You lend to twenty people already. End one of these first.");
  const row = await tx
    .insertInto("sworn.delegation")
    .values({
      id: randomUUID(),
      agency_id: principal.agencyId,
      giver_id: personId,
      receiver_id: request.toId,
      roles: roles.toSorted(),
      unit_id: request.unitId,
      from_at: from,
      until_at: until,
      reason: request.reason,
      made_at: new Date(now),
      ended_at: null,
      ended_by: null,
      end_reason: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  for (const id of [personId, request.toId])
    await append(tx, deps.custody, principal.agencyId, {
      kind: "delegation.made",
      subject: { kind: "person", id },
      ...actorOf(principal),
      reason: request.reason,
      details: {
        delegation: row.id,
        giver: personId,
        receiver: request.toId,
        roles: row.roles.join(" "),
        unitId: request.unitId,
        unit: unit?.name ?? null,
        from: from.toISOString(),
        until: until.toISOString(),
      },
    });
  return await readDelegation(tx, deps, principal, row.id);
}

/** Ends one early, at once. `not-found` for who may not know of it or has no say in it, and where it is over. */
export async function endDelegation(
  tx: Tx,
  deps: DelegationDeps,
  principal: Principal,
  id: string,
  reason: string,
): Promise<Delegation> {
  const now = new Date(deps.clock.now());
  const row = await tx
    .updateTable("sworn.delegation")
    .set({ ended_at: now, ended_by: principal.actorId, end_reason: reason })
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .where("until_at", ">", now)
    .where(knownTo(principal))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  for (const person of [row.giver_id, row.receiver_id])
    await append(tx, deps.custody, principal.agencyId, {
      kind: "delegation.ended",
      subject: { kind: "person", id: person },
      ...actorOf(principal),
      reason,
      details: { delegation: id, giver: row.giver_id, receiver: row.receiver_id },
    });
  return await readDelegation(tx, deps, principal, id);
}

/** One's own, given and received; all of the agency for who manages people. Keys and who acts for others: none. */
function knownTo(principal: Principal): ReturnType<typeof sql<SqlBool>> {
  if (principal.personId === null || principal.behalf !== undefined) return sql<SqlBool>`false`;
  if (may(principal, "person.manage")) return sql<SqlBool>`true`;
  return sql<SqlBool>`${principal.personId} in (giver_id, receiver_id)`;
}

export async function listDelegations(
  tx: Tx,
  deps: DelegationDeps,
  principal: Principal,
  query: z.output<typeof DelegationQuery>,
): Promise<DelegationList> {
  const now = new Date(deps.clock.now());
  let rows = tx.selectFrom("sworn.delegation").selectAll().where(knownTo(principal));
  if (query.person !== undefined) rows = rows.where(sql<SqlBool>`${query.person} in (giver_id, receiver_id)`);
  const current = sql<SqlBool>`(ended_at is null and until_at > ${now})`;
  if (query.state !== undefined) rows = rows.where(query.state === "current" ? current : sql<SqlBool>`not ${current}`);
  if (query.next !== undefined) {
    const { at, id } = fromCursor(query.next);
    rows = rows.where(sql<SqlBool>`(made_at, id) < (${at}, ${id}::uuid)`);
  }
  const found = await rows
    .orderBy("made_at", "desc")
    .orderBy("id", "desc")
    .limit(query.limit + 1)
    .execute();
  const page = found.slice(0, query.limit);
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    items: await describe(tx, principal, page, now),
    next: last === undefined ? null : toCursor({ at: last.made_at, id: last.id }),
  };
}

export async function readDelegation(
  tx: Tx,
  deps: DelegationDeps,
  principal: Principal,
  id: string,
): Promise<Delegation> {
  const query = tx.selectFrom("sworn.delegation").selectAll().where("id", "=", id).where(knownTo(principal));
  const [found] = await describe(tx, principal, await query.execute(), new Date(deps.clock.now()));
  if (found === undefined) throw new Problem("not-found");
  return found;
}

async function describe(tx: Tx, { personId }: Principal, rows: readonly Row[], now: Date): Promise<Delegation[]> {
  if (rows.length === 0) return [];
  const ids = rows.flatMap((row) => [row.giver_id, row.receiver_id, row.ended_by]).filter((id) => id !== null);
  const names = await actorNames(tx, [...new Set(ids)]);
  const unitIds = rows.flatMap((row) => row.unit_id ?? []);
  const units = new Map(
    unitIds.length === 0
      ? []
      : (await tx.selectFrom("sworn.unit").select(["id", "name"]).where("id", "in", unitIds).execute()).map((unit) => [
          unit.id,
          unit.name,
        ]),
  );
  const person = (id: string): { id: string; name: string } => ({ id, name: names.get(id) ?? "" });
  return rows.map((row) => {
    const open = row.ended_at === null && row.until_at > now;
    return {
      id: row.id,
      state: row.ended_at !== null ? "ended" : !open ? "over" : row.from_at > now ? "planned" : "active",
      from: person(row.giver_id),
      to: person(row.receiver_id),
      roles: row.roles.flatMap((role) => LentRole.safeParse(role).data ?? []),
      unit: row.unit_id === null ? null : { id: row.unit_id, name: units.get(row.unit_id) ?? "" },
      fromAt: row.from_at.toISOString(),
      untilAt: row.until_at.toISOString(),
      reason: row.reason,
      madeAt: row.made_at.toISOString(),
      endedBy: row.ended_by === null ? null : (names.get(row.ended_by) ?? null),
      endedAt: row.ended_at?.toISOString() ?? null,
      endReason: row.end_reason,
      mayEnd: open,
      mayAct: open && row.from_at <= now && row.receiver_id === personId,
    };
  });
}

/** Colleagues by name: inside the agency, not oneself, who can sign in. */
export async function listChoices(tx: Tx, principal: Principal, q: string): Promise<{ id: string; name: string }[]> {
  const pattern = `%${q.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return await insiders(tx)
    .where("id", "!=", principal.actorId)
    .where(sql<SqlBool>`name ilike ${pattern}`)
    .orderBy("name")
    .orderBy("id")
    .limit(50)
    .execute();
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- the builder's own type
const insiders = (tx: Tx) =>
  tx
    .selectFrom("sworn.person")
    .select(["id", "name"])
    .where("disabled_at", "is", null)
    .where(sql<SqlBool>`not roles && ${[...outsideRoles]}::text[]`);

async function assertReceiver(tx: Tx, giver: string, receiver: string): Promise<void> {
  if (giver === receiver) throw new Problem("request-malformed", "Choose a colleague, not yourself.");
  const found = await insiders(tx).where("id", "=", receiver).executeTakeFirst();
  if (found === undefined) throw new Problem("request-malformed", "There is no such colleague who can sign in.");
}

async function unitOf(tx: Tx, giver: string, unitId: string | null): Promise<{ name: string } | null> {
  if (unitId === null) return null;
  const { units } = await readScope(tx, giver);
  const unit = await tx.selectFrom("sworn.unit").select("name").where("id", "=", unitId).executeTakeFirst();
  if (unit === undefined || (units !== "all" && !units.includes(unitId)))
    throw new Problem("request-malformed", "You reach no such unit. Choose your own, or one below it.");
  return unit;
}

import { LentRole, outsideRoles, type Role } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Scope } from "../../ports/http.ts";
import { readScope } from "./read-scope.ts";

export interface Lent {
  readonly delegationId: string;
  readonly giverId: string;
  readonly roles: Role[];
  readonly scope: Scope;
  readonly until: Date;
}

/**
 * What of another person's reach this person has under a delegation now: never more than the giver has today. Null where
 * it is not theirs, has not begun, is over, the giver was disabled or has none of the roles any more, or
 * the receiver is of a side outside by now.
 */
export async function readLent(tx: Tx, delegationId: string, personId: string, now: number): Promise<Lent | null> {
  const at = new Date(now);
  const row = await tx
    .selectFrom("sworn.delegation as d")
    .innerJoin("sworn.person as g", "g.id", "d.giver_id")
    .innerJoin("sworn.person as r", "r.id", "d.receiver_id")
    .select(["d.id", "d.giver_id", "d.roles", "d.unit_id", "d.until_at", "g.roles as held"])
    .where("d.id", "=", delegationId)
    .where("d.receiver_id", "=", personId)
    .where("d.ended_at", "is", null)
    .where("d.from_at", "<=", at)
    .where("d.until_at", ">", at)
    .where(sql<SqlBool>`g.disabled_at is null`)
    // Who went over to a side outside takes nothing from inside along.
    .where(sql<SqlBool>`not r.roles && ${[...outsideRoles]}::text[]`)
    .executeTakeFirst();
  if (row === undefined) return null;
  const roles = row.roles.flatMap((role) => LentRole.safeParse(role).data ?? []).filter((r) => row.held.includes(r));
  if (roles.length === 0) return null;
  const { units } = await readScope(tx, row.giver_id, now);
  const within = row.unit_id === null ? null : await belowUnit(tx, row.unit_id);
  // Classes and shares are the giver's own: nobody else becomes a member by a loan.
  return {
    delegationId: row.id,
    giverId: row.giver_id,
    roles,
    until: row.until_at,
    scope: {
      units: within === null ? units : units === "all" ? within : within.filter((id) => units.includes(id)),
      classes: [],
      ...(within === null ? {} : { within }),
    },
  };
}

async function belowUnit(tx: Tx, unitId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select u.id from sworn.unit u where u.id = ${unitId}
      union select u.id from sworn.unit u join below b on u.parent_id = b.id)
    select id from below`.execute(tx);
  return rows.map(({ id }) => id);
}

import { Problem } from "@sworn/contract";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";
import { reachesAll, unitsReached } from "./visible-evidence.ts";

/**
 * The predicate over `sworn.call`: who reads the agency's evidence, who answered it, and the supervisors of the units
 * that answered were of then. Whose badge it was then counts, not whose it is today.
 */
export function visibleCall(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.call">) => Expression<SqlBool> {
  return (eb) => {
    if (!may(principal, "call.list")) return eb.lit(false);
    if (reachesAll(principal)) return eb.lit(true);
    const { personId, behalf } = principal;
    const units = unitsReached(principal);
    const answered = eb.selectFrom("sworn.call_response").select("sworn.call_response.call_id");
    const some: Expression<SqlBool>[] = [];
    if (units.length > 0)
      some.push(eb("sworn.call.id", "in", answered.where("sworn.call_response.unit_id", "in", units)));
    // What they answered themselves they see as themselves, not as whoever they act for.
    if (personId !== null && behalf === undefined)
      some.push(eb("sworn.call.id", "in", answered.where("sworn.call_response.person_id", "=", personId)));
    return some.length === 0 ? eb.lit(false) : eb.or(some);
  };
}

/** Whether footage of this person, of that unit then, would be the reader's to see. */
export function reachesWearer(
  principal: Principal,
  wearer: { readonly personId: string | null; readonly unitId: string | null },
): boolean {
  if (reachesAll(principal)) return true;
  const { personId, behalf } = principal;
  if (wearer.personId !== null && wearer.personId === personId && behalf === undefined) return true;
  return wearer.unitId !== null && unitsReached(principal).includes(wearer.unitId);
}

/** Throws `not-found`, the same for "does not exist" and "not yours". */
export async function assertSeesCall(tx: Tx, principal: Principal, id: string): Promise<void> {
  const query = tx.selectFrom("sworn.call").select("id").where("id", "=", id).where(visibleCall(principal));
  if ((await query.executeTakeFirst()) === undefined) throw new Problem("not-found");
}

import { Problem } from "@sworn/contract";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";
import { reachesAll, unitsReached, visibleEvidence } from "./visible-evidence.ts";

/**
 * The predicate over `sworn.incident`: who reads the agency's evidence, the supervisors of its unit, who made it, and
 * whoever may see an item of it that was put there by somebody who saw the incident (decision 013).
 */
export function visibleIncident(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.incident">) => Expression<SqlBool> {
  return (eb) => {
    if (!may(principal, "incident.list")) return eb.lit(false);
    if (reachesAll(principal)) return eb.lit(true);
    const units = unitsReached(principal);
    return eb.or([
      ...(units.length === 0 ? [] : [eb("sworn.incident.unit_id", "in", units)]),
      ...(principal.behalf === undefined ? [eb("sworn.incident.created_by", "=", principal.actorId)] : []),
      eb(
        "sworn.incident.id",
        "in",
        eb
          .selectFrom("sworn.evidence")
          .innerJoin("sworn.incident_evidence", "sworn.incident_evidence.evidence_id", "sworn.evidence.id")
          .select("sworn.incident_evidence.incident_id")
          .where("sworn.incident_evidence.opens", "=", true)
          .where(visibleEvidence(principal)),
      ),
    ]);
  };
}

/** The predicate over `sworn.case_file`: an item in it opens no case; what is prepared there is not its wearer's. */
export function visibleCase(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.case_file">) => Expression<SqlBool> {
  return (eb) => {
    if (!may(principal, "case.list")) return eb.lit(false);
    if (reachesAll(principal)) return eb.lit(true);
    const units = unitsReached(principal);
    return eb.or([
      ...(units.length === 0 ? [] : [eb("sworn.case_file.unit_id", "in", units)]),
      ...(principal.behalf === undefined ? [eb("sworn.case_file.created_by", "=", principal.actorId)] : []),
    ]);
  };
}

/** Throws `not-found`, the same for "does not exist" and "not yours". */
export async function assertSeesIncident(tx: Tx, principal: Principal, id: string): Promise<void> {
  if (!(await seesIncident(tx, principal, id))) throw new Problem("not-found");
}

export async function seesIncident(tx: Tx, principal: Principal, id: string): Promise<boolean> {
  const query = tx.selectFrom("sworn.incident").select("id").where("id", "=", id).where(visibleIncident(principal));
  return (await query.executeTakeFirst()) !== undefined;
}

export async function assertSeesCase(tx: Tx, principal: Principal, id: string): Promise<void> {
  const query = tx.selectFrom("sworn.case_file").select("id").where("id", "=", id).where(visibleCase(principal));
  if ((await query.executeTakeFirst()) === undefined) throw new Problem("not-found");
}

import { Problem, type Role } from "@sworn/contract";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";

const agencyReaders: readonly Role[] = ["custodian", "records", "auditor"];

/** The predicate over `sworn.evidence` for `where(visibleEvidence(principal))`. Denies where nothing allows. */
export function visibleEvidence(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.evidence">) => Expression<SqlBool> {
  return (eb) => {
    const reach = reaches(eb, principal);
    // Lifted for nobody but members, whatever their role: a restricted item is not there for anybody else.
    const open = eb("sworn.evidence.restricted_class_id", "is", null);
    const classes = principal.scope?.classes ?? [];
    if (classes.length === 0) return eb.and([reach, open]);
    return eb.and([reach, eb.or([open, eb("sworn.evidence.restricted_class_id", "in", classes)])]);
  };
}

/** Whether everything but what is restricted is theirs to see. */
export function reachesAll({ roles, scope }: Principal): boolean {
  if (roles.some((role) => agencyReaders.includes(role))) return true;
  return roles.includes("supervisor") && scope?.units === "all";
}

function reaches(eb: ExpressionBuilder<Tables, "sworn.evidence">, principal: Principal): Expression<SqlBool> {
  const { roles, personId, scope } = principal;
  if (reachesAll(principal)) return eb.lit(true);
  const some: Expression<SqlBool>[] = [];
  if (roles.includes("supervisor") && scope !== undefined && scope.units !== "all" && scope.units.length > 0)
    some.push(eb("sworn.evidence.unit_id", "in", scope.units));
  if ((roles.includes("officer") || roles.includes("supervisor")) && personId !== null)
    some.push(eb("sworn.evidence.person_id", "=", personId));
  return some.length === 0 ? eb.lit(false) : eb.or(some);
}

/** Throws `not-found`, the same for "does not exist" and "not yours". */
export async function assertVisible(tx: Tx, principal: Principal, evidenceId: string): Promise<void> {
  if (!(await maySee(tx, principal, evidenceId))) throw new Problem("not-found");
}

export async function maySee(tx: Tx, principal: Principal, evidenceId: string): Promise<boolean> {
  const found = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("id", "=", evidenceId)
    .where(visibleEvidence(principal))
    .executeTakeFirst();
  return found !== undefined;
}

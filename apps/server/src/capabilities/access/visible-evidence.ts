import { Problem, type Role } from "@sworn/contract";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";

const agencyReaders: readonly Role[] = ["supervisor", "custodian", "records", "auditor"];

/** The predicate over `sworn.evidence` for `where(visibleEvidence(principal))`. Denies where nothing allows. */
export function visibleEvidence(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.evidence">) => Expression<SqlBool> {
  return (eb) => {
    if (principal.roles.some((role) => agencyReaders.includes(role))) return eb.lit(true);
    if (principal.roles.includes("officer") && principal.personId !== null)
      return eb("sworn.evidence.person_id", "=", principal.personId);
    return eb.lit(false);
  };
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

import { outsideRoles, Problem, type Role } from "@sworn/contract";
import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";

const agencyReaders: readonly Role[] = ["custodian", "records", "auditor"];

type OverEvidence = (eb: ExpressionBuilder<Tables, "sworn.evidence">) => Expression<SqlBool>;

/** More units than these are not asked one by one: each would cost a look into the index, whatever it holds. */
const MOST_PARTS = 64;

/** The predicate over `sworn.evidence` for `where(visibleEvidence(principal))`. Denies where nothing allows. */
export function visibleEvidence(principal: Principal): OverEvidence {
  if (isOutside(principal)) return (eb) => sharedWith(eb, principal);
  return (eb) => eb.and([reaches(eb, principal), openTo(eb, principal)]);
}

/**
 * The same predicate in parts that share no item and together are all of it: for what is wanted in order, of which
 * each part has an index (a unit's items, a person's own) and the whole has none. Mostly there is one part.
 */
export function visibleParts(principal: Principal): readonly OverEvidence[] {
  const { personId, behalf } = principal;
  const units = reachesAll(principal) || isOutside(principal) ? [] : unitsReached(principal);
  if (units.length === 0 || units.length > MOST_PARTS) return [visibleEvidence(principal)];
  const parts = units.map(
    (unit): OverEvidence =>
      (eb) =>
        eb.and([eb("sworn.evidence.unit_id", "=", unit), openTo(eb, principal)]),
  );
  // What is their own they see as themselves, not as whoever they act for.
  if (personId === null || behalf !== undefined) return parts;
  return [
    ...parts,
    (eb) =>
      eb.and([
        eb("sworn.evidence.person_id", "=", personId),
        // An item of no unit is in none of the parts above, and `not in` would not say so.
        eb.or([eb("sworn.evidence.unit_id", "is", null), eb("sworn.evidence.unit_id", "not in", units)]),
        openTo(eb, principal),
      ]),
  ];
}

/** Lifted for nobody but members, whatever their role: a restricted item is not there for anybody else. */
function openTo(eb: ExpressionBuilder<Tables, "sworn.evidence">, { scope }: Principal): Expression<SqlBool> {
  const open = eb("sworn.evidence.restricted_class_id", "is", null);
  const classes = scope?.classes ?? [];
  return classes.length === 0 ? open : eb.or([open, eb("sworn.evidence.restricted_class_id", "in", classes)]);
}

/** Prosecutors and the defence: what was shared with them, whatever else they might be. */
export function isOutside({ roles }: Pick<Principal, "roles">): boolean {
  return roles.some((role) => outsideRoles.includes(role));
}

/**
 * Shared, and still what was shared: an item that was restricted since, or to another class, is not there any more
 * until somebody of that class shares it again.
 */
function sharedWith(
  eb: ExpressionBuilder<Tables, "sworn.evidence">,
  { scope }: Principal,
  only: "all" | "to download" = "all",
): Expression<SqlBool> {
  const shares = scope?.shares ?? [];
  if (shares.length === 0) return eb.lit(false);
  let item = eb
    .selectFrom("sworn.share_item")
    .select("sworn.share_item.evidence_id")
    .whereRef("sworn.share_item.evidence_id", "=", "sworn.evidence.id")
    .where("sworn.share_item.share_id", "in", shares)
    .where((of) =>
      of.or([
        of("sworn.evidence.restricted_class_id", "is", null),
        of("sworn.evidence.restricted_class_id", "=", of.ref("sworn.share_item.class_id")),
      ]),
    );
  if (only === "to download")
    item = item
      .innerJoin("sworn.share", "sworn.share.id", "sworn.share_item.share_id")
      .where("sworn.share.may_download", "=", true);
  return eb.exists(item);
}

/** Whether everything but what is restricted is theirs to see. */
export function reachesAll({ roles, scope }: Principal): boolean {
  if (scope?.within !== undefined) return false;
  if (roles.some((role) => agencyReaders.includes(role))) return true;
  return roles.includes("supervisor") && scope?.units === "all";
}

/** Units whose matters are theirs to see, where they do not reach the whole agency. */
export function unitsReached({ roles, scope }: Principal): readonly string[] {
  if (scope?.within !== undefined && roles.some((role) => agencyReaders.includes(role))) return scope.within;
  return roles.includes("supervisor") && scope !== undefined && scope.units !== "all" ? [...new Set(scope.units)] : [];
}

function reaches(eb: ExpressionBuilder<Tables, "sworn.evidence">, principal: Principal): Expression<SqlBool> {
  const { roles, personId } = principal;
  if (reachesAll(principal)) return eb.lit(true);
  const some: Expression<SqlBool>[] = [];
  const units = unitsReached(principal);
  if (units.length > 0) some.push(eb("sworn.evidence.unit_id", "in", units));
  // Whoever acts for another one sees as far as that one reaches: what is their own they see as themselves.
  if (principal.behalf !== undefined) return some.length === 0 ? eb.lit(false) : eb.or(some);
  if ((roles.includes("officer") || roles.includes("supervisor")) && personId !== null)
    some.push(eb("sworn.evidence.person_id", "=", personId));
  return some.length === 0 ? eb.lit(false) : eb.or(some);
}

/** Throws `not-allowed` where an item that is theirs to see was shared for looking at it alone. */
export async function assertDownload(tx: Tx, principal: Principal, evidenceId: string): Promise<void> {
  if (!isOutside(principal)) return;
  const found = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("id", "=", evidenceId)
    .where((eb) => sharedWith(eb, principal, "to download"))
    .executeTakeFirst();
  if (found === undefined)
    throw new Problem("not-allowed", "This was shared with you to look at, not to keep. Ask who shared it.");
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

import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { visibleEvidence } from "../access/index.ts";

/**
 * Holds the rows of those items that are there and this principal's to see, for a change of many at once; answers which
 * of the ids are missing beside them. Always in one order: two bulk changes then wait for each other instead of
 * blocking each other.
 */
export async function lockItems(
  tx: Tx,
  principal: Principal,
  asked: readonly string[],
): Promise<{ rows: Selectable<EvidenceTable>[]; missing: string[] }> {
  const ids = [...new Set(asked)];
  const rows = await tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where("id", "in", ids)
    .where(visibleEvidence(principal))
    .where("state", "!=", "disposed")
    .orderBy("id")
    .forUpdate()
    .execute();
  const found = new Set(rows.map(({ id }) => id));
  return { rows, missing: ids.filter((id) => !found.has(id)) };
}

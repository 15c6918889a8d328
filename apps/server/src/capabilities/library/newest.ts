import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";
import { visibleEvidence, visibleParts } from "../access/index.ts";
import type { Place } from "./cursor.ts";
import type { Sought } from "./filter.ts";

export type EvidenceRow = Selectable<Tables["sworn.evidence"]>;

/**
 * The newest items that this principal may see and that meet the condition, after a place in that order. One read for
 * each part of what they may see, merged in order: each is answered from an index, row by row, until there are enough.
 */
export function newestEvidence(
  tx: Tx,
  principal: Principal,
  { meets, byParts }: Sought,
  { limit, after = null }: { readonly limit: number; readonly after?: Place | null },
): RawBuilder<EvidenceRow> {
  const parts = (byParts ? visibleParts(principal) : [visibleEvidence(principal)]).map((part) => {
    const read = tx.selectFrom("sworn.evidence").selectAll().where(part).where(meets);
    return after === null
      ? read
      : read.where(sql<boolean>`(sworn.evidence.happened_at, sworn.evidence.id) < (${after.at}, ${after.id}::uuid)`);
  });
  // Each part in order and no longer than the whole: or PostgreSQL reads all of every part and sorts that.
  const ordered = parts.map((part) => sql`(${part} order by happened_at desc, id desc limit ${limit})`);
  return sql<EvidenceRow>`select * from (${sql.join(ordered, sql` union all `)}) item
    order by happened_at desc, id desc limit ${limit}`;
}

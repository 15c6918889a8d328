import {
  EvidenceKind,
  type EvidenceList,
  EvidenceState,
  type EvidenceTotals,
  type Evidence,
  Problem,
} from "@sworn/contract";
import { type SqlBool, sql, type Expression, type ExpressionBuilder } from "kysely";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";
import { visibleEvidence } from "../access/index.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { describe } from "./describe.ts";

export const Filter = z.object({
  kind: EvidenceKind.optional(),
  state: EvidenceState.optional(),
  /** Text in the title or source name. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Where the last page ended: what it answered as `next`. */
  next: z.string().max(200).optional(),
});
export type Filter = z.infer<typeof Filter>;

const byTime = sql<Date>`coalesce(recorded_at, received_at)`;

/** A page of what this principal may see, newest first. */
export async function findEvidence(tx: Tx, principal: Principal, filter: Filter): Promise<EvidenceList> {
  const after = filter.next === undefined ? null : fromCursor(filter.next);
  let query = tx.selectFrom("sworn.evidence").selectAll().where(visibleEvidence(principal)).where(matches(filter));
  if (after !== null) query = query.where(sql<SqlBool>`(${byTime}, id) < (${after.at}, ${after.id}::uuid)`);
  const rows = await query
    .orderBy(byTime, "desc")
    .orderBy("id", "desc")
    .limit(filter.limit + 1)
    .execute();
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const more = rows.length > filter.limit && last !== undefined;
  return {
    items: await describe(tx, page),
    next: more ? toCursor({ at: last.recorded_at ?? last.received_at, id: last.id }) : null,
  };
}

export async function countEvidence(
  tx: Tx,
  principal: Principal,
  filter: Filter,
): Promise<z.infer<typeof EvidenceTotals>> {
  const total = await tx
    .selectFrom("sworn.evidence")
    .select((eb) => [
      eb.fn.countAll<number>().as("items"),
      sql<number>`coalesce(sum(duration_ms), 0)::int8`.as("durationMs"),
      sql<number>`coalesce(sum(size), 0)::int8`.as("size"),
    ])
    .where(visibleEvidence(principal))
    .where(matches(filter))
    .executeTakeFirstOrThrow();
  return total;
}

export async function readEvidence(tx: Tx, principal: Principal, id: string): Promise<Evidence> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where("id", "=", id)
    .where(visibleEvidence(principal))
    .execute();
  const [found] = await describe(tx, rows);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

function matches(filter: Filter): (eb: ExpressionBuilder<Tables, "sworn.evidence">) => Expression<SqlBool> {
  return (eb) => {
    const conditions: Expression<SqlBool>[] = [];
    if (filter.kind !== undefined) conditions.push(eb("kind", "=", filter.kind));
    if (filter.state !== undefined) conditions.push(eb("state", "=", filter.state));
    if (filter.q !== undefined && filter.q.trim() !== "") {
      // The text is the user's: its wildcards are letters here.
      const pattern = `%${filter.q.trim().replaceAll(/[\\%_]/g, "\\$&")}%`;
      conditions.push(eb.or([eb("title", "ilike", pattern), eb("source_name", "ilike", pattern)]));
    }
    return eb.and(conditions);
  };
}

import { type Evidence, type EvidenceFilter, type EvidenceList, type EvidenceTotals, Problem } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { describe } from "./describe.ts";
import { byTime, conditionOf, type Filter } from "./filter.ts";

/** Totals stop here and say so. */
const ADDED_UP = 10_000;

/** A page of what this principal may see, newest first. */
export async function findEvidence(
  tx: Tx,
  principal: Principal,
  filter: z.output<typeof Filter>,
): Promise<EvidenceList> {
  const after = filter.next === undefined ? null : fromCursor(filter.next);
  let query = tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where(visibleEvidence(principal))
    .where(await conditionOf(tx, principal, filter));
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
    items: await describe(tx, principal, page),
    next: more ? toCursor({ at: last.recorded_at ?? last.received_at, id: last.id }) : null,
  };
}

export async function countEvidence(
  tx: Tx,
  principal: Principal,
  filter: EvidenceFilter,
): Promise<z.infer<typeof EvidenceTotals>> {
  const newest = tx
    .selectFrom("sworn.evidence")
    .select(["duration_ms", "size"])
    .where(visibleEvidence(principal))
    .where(await conditionOf(tx, principal, filter))
    .orderBy(byTime, "desc")
    .orderBy("id", "desc")
    .limit(ADDED_UP + 1);
  const { items, durationMs, size } = await tx
    .selectFrom(newest.as("item"))
    .select((eb) => [
      eb.fn.countAll<number>().as("items"),
      sql<number>`coalesce(sum(duration_ms), 0)::int8`.as("durationMs"),
      sql<number>`coalesce(sum(size), 0)::int8`.as("size"),
    ])
    .executeTakeFirstOrThrow();
  return { items: Math.min(items, ADDED_UP), durationMs, size, capped: items > ADDED_UP };
}

export async function readEvidence(tx: Tx, principal: Principal, id: string): Promise<Evidence> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where("id", "=", id)
    .where(visibleEvidence(principal))
    .execute();
  const [found] = await describe(tx, principal, rows);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

import { type Evidence, type EvidenceFilter, type EvidenceList, type EvidenceTotals, Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { fromCursor, type Place, toCursor } from "./cursor.ts";
import { describe } from "./describe.ts";
import { type Filter, momentOf, readZone, soughtOf } from "./filter.ts";
import { newestEvidence } from "./newest.ts";

/** Totals stop here and say so. */
const ADDED_UP = 10_000;

/** A page of what this principal may see, newest first. */
export async function findEvidence(
  tx: Tx,
  principal: Principal,
  filter: z.output<typeof Filter>,
): Promise<EvidenceList> {
  const after = filter.next === undefined ? await beginningOf(tx, filter.at) : fromCursor(filter.next);
  const sought = await soughtOf(tx, principal, filter);
  const { rows } = await newestEvidence(tx, principal, sought, { limit: filter.limit + 1, after }).execute(tx);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  const more = rows.length > filter.limit && last !== undefined;
  return {
    items: await describe(tx, principal, page),
    next: more ? toCursor({ at: last.recorded_at ?? last.received_at, id: last.id }) : null,
  };
}

/** The place before everything of the next day: no id is lower. */
async function beginningOf(tx: Tx, day: string | undefined): Promise<Place | null> {
  if (day === undefined) return null;
  return { at: momentOf(day, await readZone(tx), "end"), id: "00000000-0000-0000-0000-000000000000" };
}

export async function countEvidence(
  tx: Tx,
  principal: Principal,
  filter: EvidenceFilter,
): Promise<z.infer<typeof EvidenceTotals>> {
  const sought = await soughtOf(tx, principal, filter);
  const { rows } = await sql<{ items: number; durationMs: number; size: number }>`
    select count(*) as items, coalesce(sum(duration_ms), 0)::int8 as "durationMs", coalesce(sum(size), 0)::int8 as size
    from (${newestEvidence(tx, principal, sought, { limit: ADDED_UP + 1 })}) item`.execute(tx);
  const { items = 0, durationMs = 0, size = 0 } = rows[0] ?? {};
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

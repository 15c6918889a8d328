import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import type { Report } from "./finding.ts";

/** Corrections were held against their events; what an item's time was moved by is the last of them. */
export async function checkTimes(tx: Tx, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; has: number; logged: number }>`
    select e.id, e.time_offset_ms as has, coalesce(c.offset_ms, 0) as logged from sworn.evidence e
    left join lateral (select t.offset_ms from sworn.time_correction t where t.evidence_id = e.id order by t.n desc limit 1) c on true
    where e.time_offset_ms <> coalesce(c.offset_ms, 0) order by e.id limit 1000`.execute(tx);
  for (const { id, has, logged } of rows)
    report(
      "row-altered",
      "sworn.evidence",
      id,
      `Item ${id} has its time moved by ${has} ms; its corrections say ${logged} ms.`,
    );
}

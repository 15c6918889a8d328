import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { compareLines, line, said } from "./compare-lines.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

/** Who wore which camera when, and items whose wearer was corrected, replayed from the log. */
export async function checkAssignments(tx: Tx, report: Report): Promise<void> {
  const assignments = new Map<string, string>();
  for await (const events of readEvents(tx, ["device.assigned", "device.assignment-changed"]))
    for (const event of events) {
      const facts = [said(event, "person"), said(event, "from"), said(event, "to"), said(event, "withdrawn")];
      assignments.set(said(event, "assignment") ?? "", line(event.subject.id, ...facts));
    }
  const rows = await tx.selectFrom("sworn.assignment").selectAll().execute();
  const found = rows.map((row): [string, string] => [
    row.id,
    line(
      row.device_id,
      row.person_id,
      row.from_at.toISOString(),
      row.to_at?.toISOString() ?? null,
      row.withdrawn_at === null ? "no" : "yes",
    ),
  ]);
  compareLines("sworn.assignment", assignments, new Map(found), report);
  const wearers = new Map<string, string>();
  for await (const events of readEvents(tx, ["evidence.wearer-changed"]))
    for (const event of events) wearers.set(event.subject.id, line(said(event, "person")));
  if (wearers.size === 0) return;
  const { rows: items } = await sql<{ id: string; person_id: string | null }>`
    select e.id, e.person_id from sworn.evidence e where exists (
      select from custody.entry c where c.subject_id = e.id and c.kind = 'evidence.wearer-changed')`.execute(tx);
  compareLines("sworn.evidence", wearers, new Map(items.map((row) => [row.id, line(row.person_id)])), report);
}

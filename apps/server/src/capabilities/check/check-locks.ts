import type { Tx } from "../../ports/database.ts";
import { compareLines, line, said } from "./compare-lines.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

/** Statement-first locks, replayed from the log: who is locked, whose statement is on record, for whom it ended. */
export async function checkLocks(tx: Tx, report: Report): Promise<void> {
  const locks = new Map<string, string>();
  const people = new Map<string, { statement: string | null; ended: string | null }>();
  for await (const events of readEvents(tx, ["statement.locked", "statement.recorded", "statement.unlocked"]))
    for (const event of events) {
      const lock = said(event, "lock") ?? "";
      if (event.kind === "statement.locked") {
        locks.set(lock, line(event.subject.id, event.reason));
        const named = event.details?.["people"];
        for (const person of Array.isArray(named) ? named : [])
          if (typeof person === "string") people.set(`${lock} ${person}`, { statement: null, ended: null });
        continue;
      }
      const of = people.get(`${lock} ${said(event, "person") ?? ""}`);
      if (of === undefined) continue;
      if (event.kind === "statement.recorded") of.statement = said(event, "at");
      else of.ended = event.reason;
    }
  const lockRows = await tx.selectFrom("sworn.statement_lock").selectAll().execute();
  const foundLocks = new Map(lockRows.map((row) => [row.id, line(row.incident_id ?? row.evidence_id, row.reason)]));
  compareLines("sworn.statement_lock", locks, foundLocks, report);
  const rows = await tx.selectFrom("sworn.statement_lock_person").selectAll().execute();
  compareLines(
    "sworn.statement_lock_person",
    new Map([...people].map(([id, of]) => [id, line(of.statement, of.ended)])),
    new Map(
      rows.map((row) => [
        `${row.lock_id} ${row.person_id}`,
        line(row.statement_at?.toISOString() ?? null, row.ended_at === null ? null : row.end_reason),
      ]),
    ),
    report,
  );
}

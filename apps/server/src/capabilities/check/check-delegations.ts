import type { Tx } from "../../ports/database.ts";
import { compareLines, line, type Lines, said } from "./compare-lines.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

/** Reach that was lent, replayed from the log: from whom to whom, what, how long, and what was ended early. */
export async function checkDelegations(tx: Tx, report: Report): Promise<void> {
  const made = new Map<string, string>();
  const ended = new Map<string, string>();
  for await (const events of readEvents(tx, ["delegation.made", "delegation.ended"]))
    for (const event of events) {
      const id = said(event, "delegation") ?? "";
      if (event.kind === "delegation.ended") ended.set(id, line(event.actor.id, event.reason));
      else
        made.set(
          id,
          line(
            said(event, "giver"),
            said(event, "receiver"),
            said(event, "roles"),
            said(event, "unitId"),
            said(event, "from"),
            said(event, "until"),
            event.reason,
          ),
        );
    }
  const expected: Lines = new Map([...made].map(([id, of]) => [id, line(of, ended.get(id) ?? null)]));
  const rows = await tx.selectFrom("sworn.delegation").selectAll().execute();
  const found = rows.map((row): [string, string] => {
    const of = line(
      row.giver_id,
      row.receiver_id,
      row.roles.join(" "),
      row.unit_id,
      row.from_at.toISOString(),
      row.until_at.toISOString(),
      row.reason,
    );
    return [row.id, line(of, row.ended_at === null ? null : line(row.ended_by, row.end_reason))];
  });
  compareLines("sworn.delegation", expected, new Map(found), report);
}

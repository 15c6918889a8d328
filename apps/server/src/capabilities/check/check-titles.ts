import type { Tx } from "../../ports/database.ts";
import { namingKinds } from "../audit/index.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

const BATCH = 500;

/** An item is called what the log called it last; where the log never named it, nothing can be held against the row. */
export async function checkTitles(tx: Tx, report: Report): Promise<void> {
  let titles = new Map<string, string>();
  for await (const events of readEvents(tx, namingKinds))
    for (const { subject, details } of events) {
      const title = details?.["title"];
      if (typeof title !== "string") continue;
      // A subject's events follow each other: one that is not in the batch begins anew.
      if (!titles.has(subject.id) && titles.size >= BATCH) {
        await compare(tx, titles, report);
        titles = new Map();
      }
      titles.set(subject.id, title);
    }
  await compare(tx, titles, report);
}

async function compare(tx: Tx, titles: ReadonlyMap<string, string>, report: Report): Promise<void> {
  if (titles.size === 0) return;
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "title"])
    .where("id", "in", [...titles.keys()])
    .execute();
  for (const { id, title } of rows)
    if (title !== titles.get(id))
      report("row-altered", "evidence", id, `Item ${id} is called "${title}"; the log says "${titles.get(id) ?? ""}".`);
}

import { createHash } from "node:crypto";
import type { CustodyEvent } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { compareLines, line, type Lines, said } from "./compare-lines.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

const BATCH = 500;

/** Shares, whom they went to and what they hold, replayed from the log and held against the rows. */
export async function checkSharing(tx: Tx, report: Report): Promise<void> {
  const shares: Lines = new Map();
  const ended: Lines = new Map();
  const people: Lines = new Map();
  let items: Lines = new Map();
  const subjects = new Set<string>();
  for await (const events of readEvents(tx, ["share.made", "share.revoked"]))
    for (const event of events) {
      const share = said(event, "share") ?? "";
      if (event.kind === "share.revoked") {
        ended.set(share, line(event.actor.id, event.reason));
        continue;
      }
      shares.set(share, shareLine(event));
      for (const person of listOf(event)) people.set(`${share} ${person}`, "");
      items.set(`${share} ${event.subject.id}`, line(said(event, "class")));
      subjects.add(event.subject.id);
      // Events come item by item.
      if (subjects.size < BATCH) continue;
      await compareItems(tx, items, subjects, report);
      items = new Map();
      subjects.clear();
    }
  await compareItems(tx, items, subjects, report);
  const found = await tx.selectFrom("sworn.share").selectAll().execute();
  compareLines("sworn.share", shares, new Map(found.map((row) => [row.id, rowLine(row)])), report);
  const endedRows = found.filter(({ revoked_at: at }) => at !== null);
  for (const { id, revoked_by: by, revoke_reason: reason } of endedRows)
    if (ended.get(id) !== line(by, reason))
      report(
        "row-altered",
        "sworn.share",
        id,
        `Share ${id} is revoked otherwise than the log says, or not at all there.`,
      );
  const revoked = new Set(endedRows.map(({ id }) => id));
  for (const id of ended.keys())
    if (!revoked.has(id))
      report("row-altered", "sworn.share", id, `Share ${id} was revoked, says the log, but its row does not.`);
  const with_ = await tx.selectFrom("sworn.share_person").select(["share_id", "person_id"]).execute();
  compareLines(
    "sworn.share_person",
    people,
    new Map(with_.map((row) => [`${row.share_id} ${row.person_id}`, ""])),
    report,
  );
  const { rows } = await sql<{ id: string }>`
    select distinct i.evidence_id as id from sworn.share_item i where not exists
      (select from custody.entry e where e.kind = 'share.made' and e.subject_id = i.evidence_id) limit 1000`.execute(
    tx,
  );
  for (const { id } of rows)
    report("row-unlogged", "sworn.share_item", id, `Item ${id} is shared, but the log does not tell of it.`);
}

async function compareItems(tx: Tx, items: Lines, subjects: ReadonlySet<string>, report: Report): Promise<void> {
  if (subjects.size === 0) return;
  const rows = await tx
    .selectFrom("sworn.share_item")
    .selectAll()
    .where("evidence_id", "in", [...subjects])
    .execute();
  const found = new Map(rows.map((row) => [`${row.share_id} ${row.evidence_id}`, line(row.class_id)]));
  compareLines("sworn.share_item", items, found, report);
}

function listOf({ details }: CustodyEvent): string[] {
  const people = details?.["people"];
  return Array.isArray(people) ? people.filter((id) => typeof id === "string") : [];
}

const shareLine = (event: CustodyEvent): string =>
  line(
    event.actor.id,
    said(event, "mayDownload"),
    said(event, "expiresAt"),
    event.reason,
    event.hashes["message"] ?? null,
    said(event, "case"),
  );

function rowLine(row: {
  made_by: string;
  may_download: boolean;
  expires_at: Date;
  reason: string;
  message: string;
  case_id: string | null;
}): string {
  const message = row.message === "" ? null : createHash("sha256").update(row.message).digest("hex");
  return line(
    row.made_by,
    row.may_download ? "yes" : "no",
    row.expires_at.toISOString(),
    row.reason,
    message,
    row.case_id,
  );
}

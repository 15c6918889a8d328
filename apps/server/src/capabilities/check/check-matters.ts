import type { EventKind } from "@sworn/contract";
import type { CustodyEvent } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { factsOfCase } from "../cases/index.ts";
import { factsOfIncident, factsOfTask, hashOf } from "../incidents/index.ts";
import { readEvents } from "./check-rows.ts";
import { compareLines, type Lines, said } from "./compare-lines.ts";
import type { Report } from "./finding.ts";

const BATCH = 500;
type Sort = "incident" | "case";

/** Incidents and cases with their members, notes and tasks, replayed from the log and held against the rows. */
export async function checkMatters(tx: Tx, report: Report): Promise<void> {
  await checkSort(tx, "incident", report);
  await checkSort(tx, "case", report);
}

/** What the log says of one incident or case: by table, by id, as one line. */
interface Said {
  facts: string;
  readonly rows: Record<"evidence" | "incident" | "note" | "task", Map<string, string>>;
}

async function checkSort(tx: Tx, sort: Sort, report: Report): Promise<void> {
  const kinds: EventKind[] = [
    `${sort}.created`,
    `${sort}.changed`,
    `${sort}.evidence-added`,
    `${sort}.evidence-removed`,
    `${sort}.noted`,
    `${sort}.task`,
    ...(sort === "case" ? (["case.incident-added", "case.incident-removed"] as const) : []),
  ];
  let batch = new Map<string, Said>();
  for await (const events of readEvents(tx, kinds))
    for (const event of events) {
      // The same is said on the item and the incident; this side is what is replayed.
      if (event.subject.kind !== sort) continue;
      if (!batch.has(event.subject.id) && batch.size >= BATCH) {
        await compare(tx, sort, batch, report);
        batch = new Map();
      }
      apply(batch, event);
    }
  await compare(tx, sort, batch, report);
  await findUnlogged(tx, sort, report);
}

function apply(batch: Map<string, Said>, event: CustodyEvent): void {
  const none = { evidence: new Map(), incident: new Map(), note: new Map(), task: new Map() };
  const matter = batch.get(event.subject.id) ?? { facts: "", rows: none };
  batch.set(event.subject.id, matter);
  const what = event.kind.slice(event.kind.indexOf(".") + 1);
  if (what === "created" || what === "changed") matter.facts = event.hashes["facts"] ?? "";
  else if (what === "noted") matter.rows.note.set(said(event, "note") ?? "", event.hashes["words"] ?? "");
  else if (what === "task") matter.rows.task.set(said(event, "task") ?? "", event.hashes["facts"] ?? "");
  else {
    const part = what.startsWith("evidence") ? "evidence" : "incident";
    const id = said(event, part) ?? "";
    if (what.endsWith("-removed")) matter.rows[part].delete(id);
    else
      matter.rows[part].set(
        id,
        [said(event, "how") ?? "", said(event, "opens") ?? "", event.actor.id].join(" ").trim(),
      );
  }
}

async function compare(tx: Tx, sort: Sort, batch: ReadonlyMap<string, Said>, report: Report): Promise<void> {
  const ids = [...batch.keys()];
  if (ids.length === 0) return;
  const table = sort === "case" ? "sworn.case_file" : "sworn.incident";
  const facts = new Map([...batch].map(([id, { facts: hash }]) => [id, hash]));
  compareLines(table, facts, await hashesOf(tx, sort, ids), report);
  const logged = (part: keyof Said["rows"]): Lines =>
    new Map([...batch].flatMap(([id, { rows }]) => [...rows[part]].map(([of, line]) => [`${id} ${of}`, line])));
  const members = await membersOf(tx, sort, ids);
  compareLines(`sworn.${sort}_evidence`, logged("evidence"), members.evidence, report);
  if (sort === "case") compareLines("sworn.case_incident", logged("incident"), members.incident, report);
  const column = sort === "case" ? "case_id" : "incident_id";
  const notes = await tx.selectFrom("sworn.matter_note").selectAll().where(column, "in", ids).execute();
  const tasks = await tx.selectFrom("sworn.matter_task").selectAll().where(column, "in", ids).execute();
  const named = <R extends { id: string; incident_id: string | null; case_id: string | null }>(
    rows: readonly R[],
    line: (row: R) => string,
  ): Lines => new Map(rows.map((row) => [`${row[column] ?? ""} ${row.id}`, line(row)]));
  const noteLines = named(notes, (row) => hashOf(row.words));
  compareLines("sworn.matter_note", logged("note"), noteLines, report);
  const taskLines = named(tasks, (row) => hashOf(factsOfTask(row)));
  compareLines("sworn.matter_task", logged("task"), taskLines, report);
}

async function hashesOf(tx: Tx, sort: Sort, ids: readonly string[]): Promise<Lines> {
  if (sort === "incident") {
    const rows = await tx.selectFrom("sworn.incident").selectAll().where("id", "in", ids).execute();
    return new Map(rows.map((row) => [row.id, hashOf(factsOfIncident(row))]));
  }
  const rows = await tx.selectFrom("sworn.case_file").selectAll().where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, hashOf(factsOfCase(row))]));
}

async function membersOf(tx: Tx, sort: Sort, ids: readonly string[]): Promise<{ evidence: Lines; incident: Lines }> {
  if (sort === "incident") {
    const rows = await tx.selectFrom("sworn.incident_evidence").selectAll().where("incident_id", "in", ids).execute();
    const line = (row: (typeof rows)[number]): string => `${row.how} ${row.opens ? "yes" : "no"} ${row.added_by}`;
    return {
      evidence: new Map(rows.map((row) => [`${row.incident_id} ${row.evidence_id}`, line(row)])),
      incident: new Map(),
    };
  }
  const items = await tx.selectFrom("sworn.case_evidence").selectAll().where("case_id", "in", ids).execute();
  const incidents = await tx.selectFrom("sworn.case_incident").selectAll().where("case_id", "in", ids).execute();
  return {
    evidence: new Map(items.map((row) => [`${row.case_id} ${row.evidence_id}`, row.added_by])),
    incident: new Map(incidents.map((row) => [`${row.case_id} ${row.incident_id}`, row.added_by])),
  };
}

/** Rows of incidents or cases that no event began: with them, whatever hangs on them is unlogged. */
async function findUnlogged(tx: Tx, sort: Sort, report: Report): Promise<void> {
  const table = sort === "case" ? "sworn.case_file" : "sworn.incident";
  const { rows } = await sql<{ id: string }>`
    select r.id from ${sql.table(table)} r where not exists
      (select from custody.entry e where e.kind = ${`${sort}.created`} and e.subject_kind = ${sort} and e.subject_id = r.id)
    order by 1 limit 1000`.execute(tx);
  for (const { id } of rows)
    report("row-unlogged", table, id, `${table} ${id} exists, but the log does not tell of its beginning.`);
}

import type { EventKind } from "@sworn/contract";
import { type CustodyEvent, parseEvent, toHex } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { type ExpectedRow, expectedRows } from "./expected-rows.ts";
import type { Report } from "./finding.ts";

const PAGE = 1000;
type Row = Readonly<Record<string, unknown>>;

/** From the log to the catalogue: what events say of rows must stand there. */
export async function checkRowsOfEvents(tx: Tx, report: Report): Promise<void> {
  for await (const events of readEvents(tx, Object.keys(expectedRows) as EventKind[])) {
    const expected = events.flatMap((event) =>
      (expectedRows[event.kind as EventKind]?.(event) ?? []).map((row) => ({ event, row })),
    );
    for (const [table, of] of Map.groupBy(expected, ({ row }) => row.table)) {
      for (const [by, group] of Map.groupBy(of, ({ row }) => row.by)) {
        const rows = await findRows(
          tx,
          table,
          by,
          group.map(({ row }) => row.value),
        );
        for (const { event, row } of group) compare(event, row, rows, report);
      }
    }
  }
}

/** Events of these kinds whose text can be read, page by page; damaged ones are named by the check of the log. */
export async function* readEvents(tx: Tx, kinds: readonly EventKind[]): AsyncIterable<CustodyEvent[]> {
  let after = { kind: "", id: "00000000-0000-0000-0000-000000000000", n: -1 };
  for (;;) {
    const { rows } = await sql<{ subject_kind: string; subject_id: string; n: number; event: string | null }>`
      select e.subject_kind, e.subject_id, e.n, b.event from custody.entry e
      left join custody.event_body b on b.entry_id = e.id
      where e.kind = any(${[...kinds]}::text[])
        and (e.subject_kind, e.subject_id, e.n) > (${after.kind}, ${after.id}::uuid, ${after.n}::int8)
      order by e.subject_kind, e.subject_id, e.n limit ${PAGE}`.execute(tx);
    yield rows.flatMap(({ event }) => tryParse(event));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { kind: last.subject_kind, id: last.subject_id, n: last.n };
  }
}

function tryParse(text: string | null): CustodyEvent[] {
  if (text === null) return [];
  try {
    return [parseEvent(text)];
  } catch {
    return [];
  }
}

async function findRows(tx: Tx, table: string, by: string, values: readonly string[]): Promise<Map<string, Row[]>> {
  // Ids in events are texts; one that is no uuid finds nothing instead of failing the query.
  const { rows } = await sql<Row>`
    select * from ${sql.raw(table)} where ${sql.ref(by)}::text = any(${[...new Set(values)]}::text[])`.execute(tx);
  return Map.groupBy(rows, (row) => String(row[by]));
}

function compare(event: CustodyEvent, expected: ExpectedRow, found: ReadonlyMap<string, Row[]>, report: Report): void {
  const also = Object.entries(expected.also ?? {});
  const row = found.get(expected.value)?.find((each) => also.every(([column, value]) => each[column] === value));
  const id = [expected.value, ...also.map(([, value]) => value)].join("/");
  const said = `event ${event.n} (${event.kind}) of ${event.subject.kind} ${event.subject.id}`;
  if (row === undefined) {
    return report(
      "row-missing",
      expected.table,
      id,
      `${expected.table} ${id} is gone, but ${said} says that it exists.`,
    );
  }
  const wrong = Object.entries(expected.columns).flatMap(([column, value]) =>
    value === undefined || asSaid(row[column]) === value ? [] : [column],
  );
  if (wrong.length === 0) return;
  report("row-altered", expected.table, id, `${expected.table} ${id}: ${wrong.join(", ")} is not what ${said} says.`);
}

/** A column's value as events write it. */
function asSaid(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** Row by row: an event of this kind about this subject must exist. */
const announced: readonly { table: string; kind: EventKind; subject: string; where?: string }[] = [
  { table: "sworn.agency", kind: "agency.created", subject: "r.id" },
  { table: "sworn.person", kind: "person.created", subject: "r.id" },
  { table: "sworn.device", kind: "device.enrolled", subject: "r.id" },
  { table: "sworn.recording", kind: "recording.opened", subject: "r.id" },
  {
    table: "sworn.upload",
    kind: "upload.created",
    subject: "(select f.evidence_id from sworn.file f where f.id = r.file_id)",
  },
  { table: "sworn.upload", kind: "evidence.received-again", subject: "r.evidence_id", where: "r.already_held" },
  { table: "sworn.evidence", kind: "evidence.stored", subject: "r.id", where: "r.state = 'stored'" },
  { table: "sworn.evidence", kind: "evidence.incomplete", subject: "r.id", where: "r.state = 'incomplete'" },
];

/** Group by group: as many rows as events of this kind about this subject. */
const counted: readonly { table: string; kinds: readonly EventKind[]; subject: string; where?: string }[] = [
  { table: "sworn.take", kinds: ["take.opened"], subject: "r.recording_id" },
  { table: "sworn.track", kinds: ["track.stored"], subject: "r.evidence_id" },
  { table: "sworn.time_correction", kinds: ["evidence.time-corrected"], subject: "r.evidence_id" },
  { table: "sworn.derivation", kinds: ["derivative.made"], subject: "r.source_id" },
  {
    table: "sworn.file",
    kinds: ["track.stored", "derivative.stored"],
    subject: "r.evidence_id",
    where: "r.role <> 'original'",
  },
];

/** From the catalogue to the log: nothing may stand there that was never logged. */
export async function checkEventsOfRows(tx: Tx, report: Report): Promise<void> {
  for (const { table, kind, subject, where = "true" } of announced) {
    const { rows } = await sql<{ id: string }>`
      select r.id from ${sql.raw(`${table} r`)} where ${sql.raw(where)} and not exists
        (select from custody.entry e where e.kind = ${kind} and e.subject_id = ${sql.raw(subject)}) order by r.id limit 1000`.execute(
      tx,
    );
    for (const { id } of rows)
      report("row-unlogged", table, id, `${table} ${id} exists, but the log has no event ${kind} about it.`);
  }
  for (const { table, kinds, subject, where = "true" } of counted) {
    const { rows } = await sql<{ id: string; rows: number; events: number }>`
      select * from (
        select ${sql.raw(subject)} as id, count(*) as rows,
          (select count(*) from custody.entry e where e.kind = any(${[...kinds]}::text[]) and e.subject_id = ${sql.raw(subject)}) as events
        from ${sql.raw(`${table} r`)} where ${sql.raw(where)} group by ${sql.raw(subject)}
      ) c where c.rows > c.events order by c.id limit 1000`.execute(tx);
    for (const row of rows) {
      report(
        "row-unlogged",
        table,
        row.id,
        `Item ${row.id} has ${row.rows} rows in ${table}, but the log tells of ${row.events} (${kinds.join(", ")}).`,
      );
    }
  }
}

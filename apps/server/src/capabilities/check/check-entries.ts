import { commitEvent, CoreError, type CustodyEvent, equalBytes, parseEvent, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { SERVICE_ID } from "../custody/index.ts";
import type { Report } from "./finding.ts";
import type { OnProgress } from "./progress.ts";

interface Row {
  readonly id: string;
  readonly agency_id: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly n: number;
  readonly prev: Uint8Array | null;
  readonly commitment: Uint8Array;
  readonly kind: string;
  readonly actor_id: string | null;
  readonly at: Date;
  readonly audience: string | null;
  readonly event: string | null;
  readonly salt: Uint8Array | null;
  readonly body_agency_id: string | null;
  readonly index: number | null;
  readonly pending: number | null;
}

const PAGE = 2000;

/**
 * Every entry: its event opens its commitment, says what the row says, continues its subject's chain, and is
 * either in the tree or waiting for it. Then the other way: no leaf and nothing waiting without an entry.
 */
export async function checkEntries(tx: Tx, report: Report, onProgress: OnProgress): Promise<void> {
  let before: Row | undefined;
  let done = 0;
  for (;;) {
    const page = await readPage(tx, before);
    for (const row of page) {
      const follows =
        before !== undefined && before.subject_kind === row.subject_kind && before.subject_id === row.subject_id;
      checkChain(row, follows ? before : undefined, report);
      checkEvent(row, report);
      before = row;
    }
    done += page.length;
    onProgress({ step: "log", done, total: null });
    if (page.length < PAGE) break;
  }
  await checkReverse(tx, report);
}

async function readPage(tx: Tx, after: Row | undefined): Promise<Row[]> {
  const [kind, id, n] = after === undefined ? ["", SERVICE_ID, -1] : [after.subject_kind, after.subject_id, after.n];
  const { rows } = await sql<Row>`
    select e.*, b.event, b.salt, b.agency_id as body_agency_id, l.index, p.id as pending
    from custody.entry e
    left join custody.event_body b on b.entry_id = e.id
    left join custody.leaf l on l.commitment = e.commitment
    left join custody.pending p on p.commitment = e.commitment
    where (e.subject_kind, e.subject_id, e.n) > (${kind}, ${id}::uuid, ${n}::int8)
    order by e.subject_kind, e.subject_id, e.n limit ${PAGE}`.execute(tx);
  return rows;
}

const nameOf = (row: Row): string => `${row.subject_kind} ${row.subject_id}`;
const about = (row: Row): string => `Event ${row.n} (${row.kind}) of ${nameOf(row)}`;

function checkChain(row: Row, before: Row | undefined, report: Report): void {
  const at = `${row.subject_kind}/${row.subject_id}/${row.n}`;
  const expected = before === undefined ? 0 : before.n + 1;
  if (row.n !== expected) {
    const missing = row.n - 1 === expected ? `event ${expected} is` : `events ${expected} to ${row.n - 1} are`;
    report(
      "entry-missing",
      "entry",
      `${row.subject_kind}/${row.subject_id}/${expected}`,
      `In the history of ${nameOf(row)}, ${missing} missing.`,
    );
  } else if (
    row.prev === null ? before !== undefined : before === undefined || !equalBytes(row.prev, before.commitment)
  ) {
    report("chain-broken", "entry", at, `${about(row)} does not follow the event before it.`);
  }
  if (before !== undefined && before.agency_id !== row.agency_id) {
    report("entry-altered", "entry", at, `${about(row)} is filed under another agency than the event before it.`);
  }
  if (row.index === null && row.pending === null) {
    report("entry-not-logged", "entry", at, `${about(row)} is neither in the log's tree nor waiting for it.`);
  }
  if (row.index !== null && row.pending !== null) {
    report("entry-logged-and-pending", "entry", at, `${about(row)} is in the log's tree and still waits for it.`);
  }
  if (row.index !== null && before !== undefined && before.index !== null && row.index < before.index) {
    report("log-order", "entry", at, `${about(row)} stands in the log before the event it follows.`);
  }
}

function checkEvent(row: Row, report: Report): void {
  const at = `${row.subject_kind}/${row.subject_id}/${row.n}`;
  if (row.event === null || row.salt === null) {
    return report("event-missing", "event", at, `The text of event ${row.n} (${row.kind}) of ${nameOf(row)} is gone.`);
  }
  if (row.body_agency_id !== row.agency_id) {
    report("entry-altered", "entry", at, `${about(row)} and its text are filed under different agencies.`);
  }
  let event: CustodyEvent;
  try {
    event = parseEvent(row.event);
  } catch (error) {
    const why = error instanceof CoreError ? error.code : "unreadable";
    return report("event-malformed", "event", at, `The text of ${about(row)} is not a custody event (${why}).`);
  }
  if (!equalBytes(commitEvent(event, row.salt, nodeSha256), row.commitment)) {
    return report(
      "event-altered",
      "event",
      at,
      `${about(row)}: text, salt or commitment was changed; they do not belong together.`,
    );
  }
  // From here on the text is proven; what the row says otherwise was changed in the row.
  const wrong = Object.entries({
    "subject kind": event.subject.kind === row.subject_kind,
    subject: event.subject.id === row.subject_id,
    number: event.n === row.n,
    "previous event": event.prev === (row.prev === null ? null : toHex(row.prev)),
    kind: event.kind === row.kind,
    actor: event.actor.id === (row.actor_id ?? SERVICE_ID),
    time: event.at === row.at.toISOString(),
    audience: (event.details?.["audience"] ?? null) === row.audience,
  }).flatMap(([field, same]) => (same ? [] : [field]));
  if (wrong.length > 0) {
    report("entry-altered", "entry", at, `${about(row)}: the row's ${wrong.join(", ")} is not what the event says.`);
  }
}

async function checkReverse(tx: Tx, report: Report): Promise<void> {
  const { rows: leaves } = await sql<{ index: number }>`
    select l.index from custody.leaf l
    where not exists (select from custody.entry e where e.commitment = l.commitment) order by l.index limit 10000`.execute(
    tx,
  );
  for (const { index } of leaves) {
    report(
      "leaf-without-entry",
      "leaf",
      index,
      `Entry ${index} of the log's tree belongs to no event: the event was deleted.`,
    );
  }
  const { rows: pending } = await sql<{ id: number }>`
    select p.id from custody.pending p
    where not exists (select from custody.entry e where e.commitment = p.commitment) order by p.id limit 10000`.execute(
    tx,
  );
  for (const { id } of pending) {
    report("pending-without-entry", "pending", id, `Number ${id} of what waits for the log belongs to no event.`);
  }
}

import { type CustodyEvent, type JsonValue, toHex } from "@sworn/core";
import { type RawBuilder, sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { commitTexts } from "../markers/index.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

interface VersionRow {
  readonly marker_id: string;
  readonly version: number;
  readonly evidence_id: string;
  readonly kind: string;
  readonly take: number | null;
  readonly from_ms: number | null;
  readonly to_ms: number | null;
  readonly label: string;
  readonly note: string;
  readonly mentions: string[];
  readonly removed: boolean;
  readonly salt: Uint8Array;
  readonly commitment: Uint8Array;
  readonly by: string;
}

/** Every state of every marker is what its event says, texts included; what stands now is the last of them. */
export async function checkMarkers(tx: Tx, report: Report): Promise<void> {
  for await (const events of readEvents(tx, ["marker.added", "marker.changed", "marker.removed"])) {
    const ids = [...new Set(events.flatMap((event) => said(event, "marker") ?? []))];
    if (ids.length === 0) continue;
    const { rows } = await sql<VersionRow>`
      select v.*, m.evidence_id from sworn.marker_version v join sworn.marker m on m.id = v.marker_id
      where v.marker_id::text = any(${ids}::text[])`.execute(tx);
    const found = new Map(rows.map((row) => [`${row.marker_id}/${row.version}`, row]));
    for (const event of events) compare(event, found, report);
  }
  await checkCounts(tx, report);
  await checkHeads(tx, report);
}

function compare(event: CustodyEvent, found: ReadonlyMap<string, VersionRow>, report: Report): void {
  const version = event.details?.["version"];
  const id = `${said(event, "marker") ?? ""}/${typeof version === "number" ? version : ""}`;
  const row = found.get(id);
  if (row === undefined)
    return report("row-missing", "sworn.marker_version", id, `State ${id} of a marker is gone, but the log has it.`);
  const commitment = toHex(row.commitment);
  const wrong = [
    row.evidence_id === event.subject.id ? "" : "item",
    row.kind === event.details?.["marking"] ? "" : "kind",
    ...(["take", "from_ms", "to_ms"] as const).map((name) =>
      same(row[name], event.details?.[inEvent[name]]) ? "" : name,
    ),
    row.mentions.join() === listed(event.details?.["mentions"]).join() ? "" : "people named",
    row.removed === (event.kind === "marker.removed") ? "" : "removed",
    row.by === event.actor.id ? "" : "author",
    commitment === event.hashes["text"] && commitment === toHex(commitTexts(row, row.salt)) ? "" : "texts",
  ].filter((name) => name !== "");
  if (wrong.length > 0)
    report(
      "row-altered",
      "sworn.marker_version",
      id,
      `State ${id} of a marker: its ${wrong.join(", ")} is not what the log says.`,
    );
}

const inEvent = { take: "take", from_ms: "fromMs", to_ms: "toMs" } as const;
const same = (value: number | null, logged: JsonValue | undefined): boolean => value === (logged ?? null);
const listed = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
function said({ details }: CustodyEvent, name: string): string | null {
  const value = details?.[name];
  return typeof value === "string" ? value : null;
}

/** Every event named its state; where there are more states than events, some were slipped in. */
async function checkCounts(tx: Tx, report: Report): Promise<void> {
  const { rows } = await sql<{ id: string; states: number; events: number }>`
    select * from (
      select m.evidence_id as id, count(*) as states, (select count(*) from custody.entry e
        where e.kind in ('marker.added', 'marker.changed', 'marker.removed') and e.subject_id = m.evidence_id) as events
      from sworn.marker m join sworn.marker_version v on v.marker_id = m.id group by m.evidence_id) c
    where c.states > c.events order by c.id limit 1000`.execute(tx);
  for (const { id, states, events } of rows)
    report(
      "row-unlogged",
      "sworn.marker_version",
      id,
      `Item ${id} has ${states} states of markers; the log tells of ${events}.`,
    );
}

/** The states were held against the log; now what is shown is held against the last of them. */
async function checkHeads(tx: Tx, report: Report): Promise<void> {
  const find = async (query: RawBuilder<{ id: string }>): Promise<string[]> =>
    (await query.execute(tx)).rows.map(({ id }) => id);
  for (const id of await find(sql`
    select m.id from sworn.marker m where not exists (
      select from sworn.marker_version v where v.marker_id = m.id and v.version = m.version
        and (v.kind, v.label, v.note, v.removed) = (m.kind, m.label, m.note, m.removed_at is not null)
        and (v.take, v.from_ms, v.to_ms) is not distinct from (m.take, m.from_ms, m.to_ms)
        and not exists (select from sworn.marker_version w where w.marker_id = m.id and w.version > v.version))
      or not exists (select from sworn.marker_version f where f.marker_id = m.id and f.version = 1 and f.by = m.created_by)
    order by m.id limit 1000`))
    report("row-altered", "sworn.marker", id, `Marker ${id} is shown otherwise than it was last written.`);
  for (const id of await find(sql`
    select n.marker_id || '/' || n.person_id as id from sworn.mention n join sworn.marker m on m.id = n.marker_id
    where m.evidence_id <> n.evidence_id or not exists (
      select from sworn.marker_version v where v.marker_id = m.id and v.version = m.version
        and not v.removed and n.person_id = any(v.mentions)) order by 1 limit 1000`))
    report("row-unlogged", "sworn.mention", id, `Mention ${id} exists, but no note names this person.`);
  for (const id of await find(sql`
    select m.id || '/' || p as id from sworn.marker m
    join sworn.marker_version v on v.marker_id = m.id and v.version = m.version and not v.removed, unnest(v.mentions) p
    where not exists (select from sworn.mention n where n.marker_id = m.id and n.person_id = p) order by 1 limit 1000`))
    report("row-missing", "sworn.mention", id, `Mention ${id} is gone, but the note names this person.`);
}

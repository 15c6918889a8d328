import { type AuditLine, deedOf, type EventKind, type SubjectKind } from "@sworn/contract";
import { type CustodyEvent, parseEvent, toHex } from "@sworn/core";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { behalfOf, doneBy, SERVICE_ID, sentenceOf } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import type { Entry } from "./find-entries.ts";

/** Entries as people read them; what hangs on them is fetched for the whole page at once. */
export async function describeLines(tx: Tx, entries: readonly Entry[]): Promise<AuditLine[]> {
  if (entries.length === 0) return [];
  const behalves = entries.flatMap(({ event }) => {
    const parsed = tryParse(event);
    return parsed === null ? [] : (behalfOf(parsed) ?? []);
  });
  const actors = await actorNames(tx, [...new Set([...entries.flatMap(({ actor_id: id }) => id ?? []), ...behalves])]);
  const titles = await readTitles(tx, entries);
  return entries.map((entry): AuditLine => {
    const event = tryParse(entry.event);
    const name = entry.actor_id === null ? null : (actors.get(entry.actor_id) ?? null);
    const kind = entry.kind as EventKind;
    return {
      id: entry.id,
      at: entry.at.toISOString(),
      sealed: false,
      kind,
      did: deedOf(kind),
      sentence: event === null ? null : sentenceOf(event, doneBy(event, name, actors)),
      reason: event?.reason ?? null,
      // The papers of an incident name items that this reader may not know of.
      event: event === null || papers.includes(entry.subject_kind) ? null : entry.event,
      actor: {
        id: entry.actor_id ?? SERVICE_ID,
        name: name ?? (entry.actor_id === null ? "Sworn" : "Unknown"),
      },
      subject: {
        kind: entry.subject_kind as SubjectKind,
        id: entry.subject_id,
        ...(titles(entry) ?? { title: null, titleFrom: null }),
      },
      commitment: toHex(entry.commitment),
      index: entry.index,
    };
  });
}

/** A damaged text must not hide the lines around it. */
function tryParse(text: string | null): CustodyEvent | null {
  try {
    return text === null ? null : parseEvent(text);
  } catch {
    return null;
  }
}

const papers: readonly string[] = ["incident", "case", "call", "agency"];

type Title = Pick<NonNullable<AuditLine["subject"]>, "title" | "titleFrom">;

/** Kinds of entries that say an item's title: each names it in `details.title`. */
export const namingKinds: readonly EventKind[] = ["recording.opened", "evidence.stored", "evidence.incomplete"];

/** What each entry's subject was called then: an item by its own chain, people and cameras by today's row. */
async function readTitles(tx: Tx, entries: readonly Entry[]): Promise<(entry: Entry) => Title | undefined> {
  const idsOf = (kind: SubjectKind): string[] => [
    ...new Set(entries.filter((entry) => entry.subject_kind === kind).map((entry) => entry.subject_id)),
  ];
  const items = idsOf("evidence");
  const today = new Map<string, string>();
  for (const [table, column, ids] of [
    ["sworn.evidence", "title", items],
    ["sworn.person", "name", idsOf("person")],
    ["sworn.device", "name", idsOf("device")],
    ["sworn.agency", "name", idsOf("agency")],
    ["sworn.incident", "number", idsOf("incident")],
    ["sworn.case_file", "number", idsOf("case")],
    ["sworn.call", "number", idsOf("call")],
  ] as const) {
    if (ids.length === 0) continue;
    const { rows } = await sql<{ id: string; title: string }>`
      select id, ${sql.ref(column)} as title from ${sql.table(table)} where id = any(${ids}::uuid[])`.execute(tx);
    for (const { id, title } of rows) today.set(id, title);
  }
  const named = await readNamings(tx, items);
  return (entry) => {
    const then = named.get(entry.subject_id)?.findLast(({ n }) => n <= entry.n);
    if (then !== undefined && entry.subject_kind === "evidence") return { title: then.title, titleFrom: "log" };
    const title = today.get(entry.subject_id);
    return title === undefined ? undefined : { title, titleFrom: "today" };
  };
}

/** Each item's titles in the order in which the log gave them. */
async function readNamings(tx: Tx, items: readonly string[]): Promise<Map<string, { n: number; title: string }[]>> {
  const named = new Map<string, { n: number; title: string }[]>();
  if (items.length === 0) return named;
  const rows = await tx
    .selectFrom("custody.entry as e")
    .innerJoin("custody.event_body as b", "b.entry_id", "e.id")
    .select(["e.subject_id", "e.n", "b.event"])
    .where("e.subject_kind", "=", "evidence")
    .where("e.subject_id", "in", items)
    .where("e.kind", "in", namingKinds)
    .orderBy("e.n")
    .execute();
  for (const { subject_id: id, n, event } of rows) {
    const title = tryParse(event)?.details?.["title"];
    if (typeof title !== "string") continue;
    const known = named.get(id);
    if (known === undefined) named.set(id, [{ n, title }]);
    else known.push({ n, title });
  }
  return named;
}

import type { EventKind, TimelineEntry } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { knownAmong } from "../access/index.ts";
import { namedIn, readStory } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";
import { listItems } from "./items.ts";
import { columnOf, type Matter } from "./matter.ts";

/** Shown as what they are, or too many to read. */
const notTold: readonly EventKind[] = ["incident.noted", "incident.viewed", "case.noted", "case.viewed"];

/**
 * Footage when it was recorded, notes and changes when they were made, oldest first. An event about an item, an incident
 * or a case that this principal may not see is left out, so that a page may be shorter than asked for.
 */
export async function readTimeline(
  tx: Tx,
  principal: Principal,
  matter: Matter,
  id: string,
  { limit, next }: { readonly limit: number; readonly next?: string | undefined },
): Promise<{ items: TimelineEntry[]; next: string | null }> {
  const after = next === undefined ? null : fromCursor(next);
  const subject = { kind: matter.kind, id } as const;
  const story = await readStory(tx, subject, actorNames, { after, limit: limit + 1, without: notTold });
  const { items: footage } = await listItems(tx, principal, matter, id, { limit: limit + 1, next });
  const notes = await readNotes(tx, matter, id, after, limit + 1);
  const all = [
    ...story.map((entry) => ({
      at: entry.at.toISOString(),
      kind: "event" as const,
      id: entry.id,
      by: entry.actor,
      entry,
    })),
    ...footage.map((item) => ({
      at: item.recordedAt ?? item.receivedAt,
      kind: "evidence" as const,
      id: item.id,
      words: item.title,
      by: item.person?.name ?? null,
    })),
    ...notes,
  ].toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
  const page = all.slice(0, limit);
  const told = page.flatMap((each) => ("entry" in each ? namedIn(each.entry.event) : []));
  const seen = await knownAmong(tx, principal, told);
  const last = all.length > limit ? page.at(-1) : undefined;
  return {
    items: page.flatMap((each) => {
      if (!("entry" in each)) return [each];
      const { entry, ...rest } = each;
      if (!namedIn(entry.event).every((named) => seen.has(named))) return [];
      const { actor, reason, details } = entry.event;
      const kind = actor.kind === "device" || actor.kind === "service" ? actor.kind : ("person" as const);
      const facts = { kind: entry.kind, actor: kind, reason: reason ?? null, details: { ...details } };
      return [{ ...rest, words: entry.sentence, event: facts }];
    }),
    next: last === undefined ? null : toCursor({ at: new Date(last.at), id: last.id }),
  };
}

async function readNotes(
  tx: Tx,
  matter: Matter,
  id: string,
  after: { readonly at: Date; readonly id: string } | null,
  limit: number,
): Promise<TimelineEntry[]> {
  let query = tx.selectFrom("sworn.matter_note").selectAll().where(columnOf(matter), "=", id);
  if (after !== null) query = query.where(sql<SqlBool>`(written_at, id) > (${after.at}, ${after.id}::uuid)`);
  const rows = await query.orderBy("written_at").orderBy("id").limit(limit).execute();
  const names = await actorNames(tx, [...new Set(rows.map((row) => row.author_id))]);
  return rows.map((row) => ({
    at: row.written_at.toISOString(),
    kind: "note",
    id: row.id,
    words: row.words,
    by: names.get(row.author_id) ?? null,
  }));
}

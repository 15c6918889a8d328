import type { EventKind, SubjectKind } from "@sworn/contract";
import { type CustodyEvent, parseEvent } from "@sworn/core";
import { type SqlBool, sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import type { NamesOf } from "./read-history.ts";
import { behalfOf, doneBy } from "./rules.ts";
import { sentenceOf } from "./sentences.ts";

/** An entry as a sentence among others, without its proof. */
export interface StoryEntry {
  readonly id: string;
  readonly at: Date;
  readonly kind: EventKind;
  readonly event: CustodyEvent;
  readonly sentence: string;
  readonly actor: string | null;
}

/** What was logged of a subject after a place in time, oldest first, but for some kinds. Shredded entries are left out. */
export async function readStory(
  tx: Tx,
  subject: { readonly kind: SubjectKind; readonly id: string },
  namesOf: NamesOf,
  page: {
    readonly after: { readonly at: Date; readonly id: string } | null;
    readonly limit: number;
    readonly without: readonly EventKind[];
  },
): Promise<StoryEntry[]> {
  let query = tx
    .selectFrom("custody.entry as e")
    .innerJoin("custody.event_body as b", "b.entry_id", "e.id")
    .select(["e.id", "e.at", "e.kind", "e.actor_id", "b.event"])
    .where("e.subject_kind", "=", subject.kind)
    .where("e.subject_id", "=", subject.id);
  if (page.without.length > 0) query = query.where("e.kind", "not in", page.without);
  if (page.after !== null) query = query.where(sql<SqlBool>`(e.at, e.id) > (${page.after.at}, ${page.after.id}::uuid)`);
  const rows = await query.orderBy("e.at").orderBy("e.id").limit(page.limit).execute();
  const parsed = rows.flatMap((row) => {
    try {
      return [{ row, event: parseEvent(row.event) }];
    } catch {
      return []; // damaged: the history and the check say so
    }
  });
  const actors = [...new Set(parsed.flatMap(({ row, event }) => [row.actor_id ?? [], behalfOf(event) ?? []].flat()))];
  const names = actors.length === 0 ? new Map<string, string>() : await namesOf(tx, actors);
  return parsed.map(({ row, event }) => {
    const actor = row.actor_id === null ? null : (names.get(row.actor_id) ?? null);
    const sentence = sentenceOf(event, doneBy(event, actor, names));
    return { id: row.id, at: row.at, kind: row.kind as EventKind, event, sentence, actor };
  });
}

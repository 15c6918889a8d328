import {
  type Audience,
  type CustodyEntry,
  type CustodyHistory,
  type EventKind,
  Problem,
  type SubjectKind,
} from "@sworn/contract";
import { buildInclusionProof, parseEvent, planInclusion, toBase64, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { z } from "zod";

import type { Tx } from "../../ports/database.ts";
import { behalfOf, doneBy, namedIn, SERVICE_ID } from "./rules.ts";
import { sentenceOf } from "./sentences.ts";
import { readCheckpoint, readLastCheckpoint, readNodes, type StoredCheckpoint } from "./tree-store.ts";

/** Names of actors by id, for those that are known; they live outside the log and may be gone. */
export type NamesOf = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Of these ids of incidents, cases and calls, those that the reader may know of: access decides, the log does not know. */
export type KnownOf = (tx: Tx, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** A page of a history: at most `limit` entries (`HISTORY_PAGE`), from where `next` says, of those that are asked for. */
export interface HistoryPage {
  /** Of these kinds; by this actor (`SERVICE_ID`: the server itself); from this moment on, and before that one. */
  readonly kinds?: readonly EventKind[] | undefined;
  readonly actor?: string | undefined;
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  readonly next?: string | undefined;
  readonly limit?: number | undefined;
}

/** An entry with its proof takes about 2 kB; whoever watches an item for years must not make one answer of it. */
export const HISTORY_PAGE = 500;

/** The number of the first entry, and the size of the checkpoint that all pages lead to. Checked: clients hold it. */
const Place = z.tuple([z.int().nonnegative(), z.int().nonnegative()]);

/**
 * A subject's history, page by page, with proofs to the checkpoint that was the last one at the first page: so that
 * the pages together are one history. Sees what the transaction's agency may see. `request-malformed` for a `next` that
 * no page gave. Of entries that are sealed for another side, and of those whose event was destroyed, it shows the
 * commitment, number and proof only. An entry that names an incident, a case or a call the reader may not know of keeps its
 * text back, and is told without the number.
 */
export async function readHistory(
  tx: Tx,
  subject: { kind: SubjectKind; id: string },
  audience: Audience,
  { namesOf, knownOf }: { readonly namesOf: NamesOf; readonly knownOf: KnownOf },
  page: HistoryPage = {},
): Promise<CustodyHistory> {
  const limit = page.limit ?? HISTORY_PAGE;
  const place = page.next === undefined ? null : fromCursor(page.next);
  let query = tx
    .selectFrom("custody.entry as e")
    .leftJoin("custody.event_body as b", "b.entry_id", "e.id")
    .leftJoin("custody.leaf as l", "l.commitment", "e.commitment")
    .select(["e.n", "e.kind", "e.at", "e.actor_id", "e.audience", "e.commitment", "b.event", "b.salt", "l.index"])
    .where("e.subject_kind", "=", subject.kind)
    .where("e.subject_id", "=", subject.id)
    .where("e.n", ">=", place?.n ?? 0);
  const { kinds, actor, from, before } = page;
  if (kinds !== undefined) query = query.where("e.kind", "in", kinds);
  if (actor === SERVICE_ID) query = query.where("e.actor_id", "is", null);
  else if (actor !== undefined) query = query.where("e.actor_id", "=", actor);
  if (from !== undefined) query = query.where("e.at", ">=", from);
  if (before !== undefined) query = query.where("e.at", "<", before);
  // Whether an entry that is sealed for another side matches would tell what it says.
  if ([kinds, actor, from, before].some((asked) => asked !== undefined))
    query = query.where((eb) => eb.or([eb("e.audience", "is", null), eb("e.audience", "=", audience)]));
  const found = await query
    .orderBy("e.n")
    .limit(limit + 1)
    .execute();
  const rows = found.slice(0, limit);
  const after = found[limit];
  const checkpoint = place === null ? await readLastCheckpoint(tx) : await checkpointOf(tx, place.size);
  const size = checkpoint?.size ?? 0;
  const logged = (index: number | null): index is number => index !== null && index < size;
  const indexes = rows.map(({ index }) => index).filter(logged);
  // One question for all proofs: neighbours share most of their nodes.
  const wanted = new Map(
    indexes.flatMap((index) => planInclusion(index, size).flat()).map((id) => [`${id.level}/${id.index}`, id]),
  );
  const read = await readNodes(tx, [...wanted.values()]);
  const open = rows.filter((row) => row.audience === null || row.audience === audience);
  const behalves = new Map(open.map(({ n, event }) => [n, event === null ? null : behalfIn(event)]));
  const actors = [
    ...new Set([...rows.map(({ actor_id: id }) => id), ...behalves.values()].filter((id) => id !== null)),
  ];
  const names = actors.length === 0 ? new Map<string, string>() : await namesOf(tx, actors);
  const matters = new Map(open.map(({ n, event }) => [n, event === null ? [] : mattersIn(event)]));
  const known = await knownOf(tx, [...new Set([...matters.values()].flat())]);
  const entries = rows.map((row): CustodyEntry => {
    const place = {
      n: row.n,
      commitment: toHex(row.commitment),
      index: row.index,
      proof: logged(row.index) ? buildInclusionProof(row.index, size, read, nodeSha256).map(toBase64) : null,
    };
    // Its place and its proof, and nothing of what happened: not even when, beyond what its place tells.
    if (row.audience !== null && row.audience !== audience)
      return { ...place, sealed: true, kind: null, at: null, event: null, salt: null, sentence: null, actor: null };
    const name = row.actor_id === null ? null : (names.get(row.actor_id) ?? null);
    const behalf = behalves.get(row.n);
    const whole = (matters.get(row.n) ?? []).every((id) => known.has(id));
    return {
      ...place,
      sealed: false,
      kind: row.kind as EventKind,
      at: row.at.toISOString(),
      event: whole ? row.event : null,
      salt: row.salt === null || !whole ? null : toHex(row.salt),
      sentence: row.event === null ? null : sentenceFrom(row.event, { name, names, whole }),
      actor: { id: row.actor_id ?? SERVICE_ID, name: name ?? (row.actor_id === null ? "Sworn" : "Unknown") },
      ...(behalf == null ? {} : { behalf: { id: behalf, name: names.get(behalf) ?? "Unknown" } }),
    };
  });
  const next = after === undefined ? null : Buffer.from(JSON.stringify([after.n, size])).toString("base64url");
  return { subject, entries, checkpoint: checkpoint?.note ?? null, next };
}

function fromCursor(cursor: string): { n: number; size: number } {
  try {
    const [n, size] = Place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { n, size };
  } catch (cause) {
    throw new Problem("request-malformed", "This page link is not one that the history gave.", { cause });
  }
}

async function checkpointOf(tx: Tx, size: number): Promise<StoredCheckpoint | null> {
  if (size === 0) return null; // the log had none yet at the first page
  const checkpoint = await readCheckpoint(tx, size);
  if (checkpoint === null) throw new Problem("request-malformed", "This page link is not one that the history gave.");
  return checkpoint;
}

function behalfIn(text: string): string | null {
  try {
    return behalfOf(parseEvent(text));
  } catch {
    return null;
  }
}

function mattersIn(text: string): string[] {
  try {
    return namedIn(parseEvent(text), ["incident", "case", "call"]);
  } catch {
    return []; // damaged: the proof beside it says so
  }
}

/** A damaged text must not hide the history around it: the proof beside it says that it is damaged. */
function sentenceFrom(
  text: string,
  { name, names, whole }: { name: string | null; names: ReadonlyMap<string, string>; whole: boolean },
): string | null {
  try {
    const event = parseEvent(text);
    const who = doneBy(event, name, names);
    if (whole) return sentenceOf(event, who);
    // A reason may name what the number names.
    const { details: _, ...said } = event;
    return sentenceOf({ ...said, reason: null }, who);
  } catch {
    return null;
  }
}

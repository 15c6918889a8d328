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
import { SERVICE_ID } from "./rules.ts";
import { sentenceOf } from "./sentences.ts";
import { readCheckpoint, readLastCheckpoint, readNodes, type StoredCheckpoint } from "./tree-store.ts";

/** Names of actors by id, for those that are known; they live outside the log and may be gone. */
export type NamesOf = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** A page of a history: at most `limit` entries (`HISTORY_PAGE`), from where `next` says. */
export interface HistoryPage {
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
 * commitment, number and proof only.
 */
export async function readHistory(
  tx: Tx,
  subject: { kind: SubjectKind; id: string },
  audience: Audience,
  namesOf: NamesOf,
  page: HistoryPage = {},
): Promise<CustodyHistory> {
  const limit = page.limit ?? HISTORY_PAGE;
  const place = page.next === undefined ? null : fromCursor(page.next);
  const found = await tx
    .selectFrom("custody.entry as e")
    .leftJoin("custody.event_body as b", "b.entry_id", "e.id")
    .leftJoin("custody.leaf as l", "l.commitment", "e.commitment")
    .select(["e.n", "e.kind", "e.at", "e.actor_id", "e.audience", "e.commitment", "b.event", "b.salt", "l.index"])
    .where("e.subject_kind", "=", subject.kind)
    .where("e.subject_id", "=", subject.id)
    .where("e.n", ">=", place?.n ?? 0)
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
  const actors = [...new Set(rows.map(({ actor_id: id }) => id).filter((id) => id !== null))];
  const names = actors.length === 0 ? new Map<string, string>() : await namesOf(tx, actors);
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
    return {
      ...place,
      sealed: false,
      kind: row.kind as EventKind,
      at: row.at.toISOString(),
      event: row.event,
      salt: row.salt === null ? null : toHex(row.salt),
      sentence: row.event === null ? null : sentenceFrom(row.event, name),
      actor: { id: row.actor_id ?? SERVICE_ID, name: name ?? (row.actor_id === null ? "Sworn" : "Unknown") },
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

/** A damaged text must not hide the history around it: the proof beside it says that it is damaged. */
function sentenceFrom(event: string, name: string | null): string | null {
  try {
    return sentenceOf(parseEvent(event), name);
  } catch {
    return null;
  }
}

import type { CustodyEntry, CustodyHistory, EventKind, SubjectKind } from "@sworn/contract";
import { buildInclusionProof, parseEvent, planInclusion, toBase64, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";

import type { Tx } from "../../ports/database.ts";
import { SERVICE_ID } from "./rules.ts";
import { sentenceOf } from "./sentences.ts";
import { readLastCheckpoint, readNodes } from "./tree-store.ts";

/** Names of actors by id, for those that are known; they live outside the log and may be gone. */
export type NamesOf = (tx: Tx, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * A subject's whole history with proofs to the last checkpoint. Sees what the transaction's agency may see.
 * Entries whose event was destroyed show their commitment, number and proof only.
 */
export async function readHistory(
  tx: Tx,
  subject: { kind: SubjectKind; id: string },
  namesOf: NamesOf,
): Promise<CustodyHistory> {
  const rows = await tx
    .selectFrom("custody.entry as e")
    .leftJoin("custody.event_body as b", "b.entry_id", "e.id")
    .leftJoin("custody.leaf as l", "l.commitment", "e.commitment")
    .select(["e.n", "e.kind", "e.at", "e.actor_id", "e.commitment", "b.event", "b.salt", "l.index"])
    .where("e.subject_kind", "=", subject.kind)
    .where("e.subject_id", "=", subject.id)
    .orderBy("e.n")
    .execute();
  const checkpoint = await readLastCheckpoint(tx);
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
    const name = row.actor_id === null ? null : (names.get(row.actor_id) ?? null);
    return {
      n: row.n,
      kind: row.kind as EventKind,
      at: row.at.toISOString(),
      event: row.event,
      salt: row.salt === null ? null : toHex(row.salt),
      commitment: toHex(row.commitment),
      sentence: row.event === null ? null : sentenceFrom(row.event, name),
      actor: { id: row.actor_id ?? SERVICE_ID, name: name ?? (row.actor_id === null ? "Sworn" : "Unknown") },
      index: row.index,
      proof: logged(row.index) ? buildInclusionProof(row.index, size, read, nodeSha256).map(toBase64) : null,
    };
  });
  return { subject, entries, checkpoint: checkpoint?.note ?? null };
}

/** A damaged text must not hide the history around it: the proof beside it says that it is damaged. */
function sentenceFrom(event: string, name: string | null): string | null {
  try {
    return sentenceOf(parseEvent(event), name);
  } catch {
    return null;
  }
}

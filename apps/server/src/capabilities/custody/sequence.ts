import {
  createFrontier,
  equalBytes,
  formatCheckpoint,
  type Frontier,
  frontierNodes,
  hashCustodyLeaf,
  type NoteSigner,
  parseCheckpoint,
  signNote,
  type TreeNode,
  verifyNote,
} from "@sworn/core";
import { nodeSha256, nodeVerifyEd25519 } from "@sworn/core/node";
import { sql } from "kysely";

import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import { LogError } from "./log-error.ts";
import { readLastCheckpoint, readNodes, type StoredCheckpoint, writeLeaves } from "./tree-store.ts";

export interface SequenceDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** The log's own key; its name is the log's origin. */
  readonly signer: NoteSigner;
}

/** "log" in ASCII. One sequencer at a time, whichever process asks first; the lock ends with its transaction. */
const SEQUENCER_LOCK = 0x6c6f67;
export const BATCH = 4096;

/**
 * Gives the oldest waiting events their place: leaves, nodes, signed checkpoint and the emptied queue in one
 * transaction. Before that, the root recomputed from stored nodes must be the one last signed.
 *
 * @returns how many it took and whether more may wait; `busy` when another process is at it
 * @throws LogError when what is stored contradicts itself: nothing is signed
 */
export async function sequence(
  deps: SequenceDeps,
  batch: number = BATCH,
): Promise<{ taken: number; more: boolean } | "busy"> {
  return await deps.database.asSequencer(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${SEQUENCER_LOCK}) as mine`.execute(
      tx,
    );
    if (rows[0]?.mine !== true) return "busy";
    const pending = await takePending(tx, batch);
    if (pending.length === 0) return { taken: 0, more: false };
    const last = await readLastCheckpoint(tx);
    const frontier = await restoreFrontier(tx, last, deps.signer);
    await extend(
      tx,
      deps,
      frontier,
      pending.map(({ commitment }) => commitment),
    );
    await sql`delete from custody.pending where id = any(${pending.map(({ id }) => id)}::int8[])`.execute(tx);
    return { taken: pending.length, more: pending.length === batch };
  });
}

/** By id and never "greater than last": a transaction with a smaller id may commit later. */
async function takePending(tx: Tx, batch: number): Promise<{ id: number; commitment: Uint8Array }[]> {
  return await tx
    .selectFrom("custody.pending as p")
    .select(["p.id", "p.commitment"])
    // Somebody with the application's password could queue a commitment again; that must not stop the log.
    .where(sql<boolean>`not exists (select from custody.leaf l where l.commitment = p.commitment)`)
    .orderBy("p.id")
    .limit(batch)
    .execute();
}

/** The tree's right edge as the stored nodes give it, once it is proven to be what was last signed. */
export async function restoreFrontier(tx: Tx, last: StoredCheckpoint | null, signer: NoteSigner): Promise<Frontier> {
  const size = last?.size ?? 0;
  const stored = await tx
    .selectFrom("custody.leaf")
    .select(({ fn }) => fn.max<number | null>("index").as("top"))
    .executeTakeFirst();
  const leaves = (stored?.top ?? -1) + 1;
  if (leaves !== size) {
    throw new LogError("leaves-mismatch", `The last checkpoint covers ${size} leaves, but ${leaves} are stored.`);
  }
  const ids = frontierNodes(size);
  const read = await readNodes(tx, ids);
  const hashes = ids.map(({ level, index }) => {
    const hash = read(level, index);
    if (hash === undefined) throw new LogError("node-missing", `Node ${index} of level ${level} is missing.`);
    return hash;
  });
  const frontier = createFrontier({ size, hashes }, nodeSha256);
  if (last !== null) {
    assertSignedByUs(last, signer);
    if (!equalBytes(frontier.root(), last.root)) {
      throw new LogError(
        "frontier-mismatch",
        `The stored nodes do not give the root that was signed for ${size} leaves.`,
      );
    }
  }
  return frontier;
}

/** A row that we did not sign, or signed for something else, is no ground to build on. */
function assertSignedByUs(last: StoredCheckpoint, signer: NoteSigner): void {
  try {
    const { text } = verifyNote(last.note, [signer.key], nodeVerifyEd25519);
    const { origin, size, root } = parseCheckpoint(text);
    if (origin === signer.key.name && size === last.size && equalBytes(root, last.root)) return;
  } catch (error) {
    throw new LogError(
      "checkpoint-invalid",
      `The checkpoint of ${last.size} leaves is not signed by this log's key.`,
      error,
    );
  }
  throw new LogError("checkpoint-invalid", `The checkpoint of ${last.size} leaves says something else than its row.`);
}

async function extend(
  tx: Tx,
  deps: SequenceDeps,
  frontier: Frontier,
  commitments: readonly Uint8Array[],
): Promise<void> {
  const first = frontier.size;
  const nodes: TreeNode[] = [];
  const leaves = commitments.map((commitment) => {
    const hash = hashCustodyLeaf(commitment, nodeSha256);
    for (const node of frontier.append(hash)) nodes.push(node);
    return { commitment, hash };
  });
  await writeLeaves(tx, first, leaves, nodes);
  const root = frontier.root();
  const text = formatCheckpoint({ origin: deps.signer.key.name, size: frontier.size, root });
  await tx
    .insertInto("custody.checkpoint")
    // The primary key is the size: a second root for it cannot be stored, and what is not stored is not published.
    .values({
      size: frontier.size,
      previous: first,
      root,
      note: signNote(text, deps.signer),
      at: new Date(deps.clock.now()),
    })
    .execute();
}

import { type ConsistencyProof, Problem } from "@sworn/contract";
import {
  buildConsistencyProof,
  buildInclusionProof,
  planConsistency,
  planInclusion,
  toBase64,
  toHex,
} from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";

import type { Tx } from "../../ports/database.ts";
import { readCheckpoint, readLastCheckpoint, readNodes, type StoredCheckpoint } from "./tree-store.ts";

export interface InclusionAnswer {
  readonly index: number;
  readonly size: number;
  /** Lower-case hex. */
  readonly commitment: string;
  readonly leafHash: string;
  readonly root: string;
  /** Base64 sibling hashes, lowest first (RFC 6962 section 2.1.1). */
  readonly proof: string[];
  /** The signed note whose root the proof leads to, whole. */
  readonly checkpoint: string;
}

/** Proof that the log of `size` leaves (the last checkpoint where left out) holds leaf `index`. Hashes only. */
export async function readInclusion(tx: Tx, index: number, size?: number): Promise<InclusionAnswer> {
  const checkpoint = await checkpointOf(tx, size);
  if (index >= checkpoint.size)
    throw new Problem("not-logged-yet", `The log of ${checkpoint.size} entries has no entry ${index}.`);
  const leaf = await tx.selectFrom("custody.leaf").selectAll().where("index", "=", index).executeTakeFirst();
  if (leaf === undefined) throw new Problem("internal", `Leaf ${index} of the log is missing. Run the check.`);
  const read = await readNodes(tx, planInclusion(index, checkpoint.size).flat());
  return {
    index,
    size: checkpoint.size,
    commitment: toHex(leaf.commitment),
    leafHash: toHex(leaf.leaf_hash),
    root: toHex(checkpoint.root),
    proof: buildInclusionProof(index, checkpoint.size, read, nodeSha256).map(toBase64),
    checkpoint: checkpoint.note,
  };
}

/** The same, asked by commitment (lower-case hex); `not-found` or `not-logged-yet`. */
export async function readInclusionOf(tx: Tx, commitment: string, size?: number): Promise<InclusionAnswer> {
  const bytes = Buffer.from(commitment, "hex");
  const leaf = await tx.selectFrom("custody.leaf").select("index").where("commitment", "=", bytes).executeTakeFirst();
  if (leaf !== undefined) return await readInclusion(tx, leaf.index, size);
  const waits = await tx.selectFrom("custody.pending").select("id").where("commitment", "=", bytes).executeTakeFirst();
  throw new Problem(waits === undefined ? "not-found" : "not-logged-yet");
}

/** Proof that the log of `from` leaves is a prefix of that of `to`; both are sizes of checkpoints. */
export async function readConsistency(tx: Tx, from: number, to?: number): Promise<ConsistencyProof> {
  const older = await checkpointOf(tx, from);
  const newer = await checkpointOf(tx, to);
  if (older.size > newer.size)
    throw new Problem("request-malformed", "The first size must not be larger than the second.");
  const read = await readNodes(tx, planConsistency(older.size, newer.size).flat());
  return {
    size1: older.size,
    size2: newer.size,
    root1: toHex(older.root),
    root2: toHex(newer.root),
    proof: buildConsistencyProof(older.size, newer.size, read, nodeSha256).map(toBase64),
  };
}

async function checkpointOf(tx: Tx, size?: number): Promise<StoredCheckpoint> {
  const found = size === undefined ? await readLastCheckpoint(tx) : await readCheckpoint(tx, size);
  if (found === null) throw new Problem("log-size-unknown");
  return found;
}

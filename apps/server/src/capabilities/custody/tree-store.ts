import type { ReadNode, TreeNode } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";

/** The latest signed statement of the log, or that of one size. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
  readonly at: Date;
}

export async function readLastCheckpoint(tx: Tx): Promise<StoredCheckpoint | null> {
  const row = await tx.selectFrom("custody.checkpoint").selectAll().orderBy("size", "desc").limit(1).executeTakeFirst();
  return row ?? null;
}

export async function readCheckpoint(tx: Tx, size: number): Promise<StoredCheckpoint | null> {
  const row = await tx.selectFrom("custody.checkpoint").selectAll().where("size", "=", size).executeTakeFirst();
  return row ?? null;
}

/** Fetches these nodes in one question; the reader answers undefined for those that are not stored. */
export async function readNodes(tx: Tx, ids: readonly { level: number; index: number }[]): Promise<ReadNode> {
  const found = new Map<string, Uint8Array>();
  if (ids.length > 0) {
    const { rows } = await sql<{ level: number; index: number; hash: Uint8Array }>`
      select n.level, n.index, n.hash
      from unnest(${ids.map(({ level }) => level)}::int2[], ${ids.map(({ index }) => index)}::int8[]) as wanted(level, index)
      join custody.node n on n.level = wanted.level and n.index = wanted.index`.execute(tx);
    for (const { level, index, hash } of rows) found.set(`${level}/${index}`, hash);
  }
  return (level, index) => found.get(`${level}/${index}`);
}

/** Hashes of the nodes [from, to) of one level, in order; a missing one shows as a shorter list. */
export async function readLevel(tx: Tx, level: number, from: number, to: number): Promise<Uint8Array[]> {
  const rows = await tx
    .selectFrom("custody.node")
    .select("hash")
    .where("level", "=", level)
    .where("index", ">=", from)
    .where("index", "<", to)
    .orderBy("index")
    .execute();
  return rows.map(({ hash }) => hash);
}

/** Commitments of the leaves [from, to), in order. */
export async function readCommitments(tx: Tx, from: number, to: number): Promise<Uint8Array[]> {
  const rows = await tx
    .selectFrom("custody.leaf")
    .select("commitment")
    .where("index", ">=", from)
    .where("index", "<", to)
    .orderBy("index")
    .execute();
  return rows.map(({ commitment }) => commitment);
}

/** Writes a batch in two statements, whatever its length. */
export async function writeLeaves(
  tx: Tx,
  first: number,
  leaves: readonly { commitment: Uint8Array; hash: Uint8Array }[],
  nodes: readonly TreeNode[],
): Promise<void> {
  await sql`
    insert into custody.leaf (index, commitment, leaf_hash)
    select * from unnest(${leaves.map((_, i) => first + i)}::int8[],
      ${leaves.map(({ commitment }) => Buffer.from(commitment))}::bytea[],
      ${leaves.map(({ hash }) => Buffer.from(hash))}::bytea[])`.execute(tx);
  await sql`
    insert into custody.node (level, index, hash)
    select * from unnest(${nodes.map(({ level }) => level)}::int2[], ${nodes.map(({ index }) => index)}::int8[],
      ${nodes.map(({ hash }) => Buffer.from(hash))}::bytea[])`.execute(tx);
}

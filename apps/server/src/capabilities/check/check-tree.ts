import {
  type Checkpoint,
  createFrontier,
  equalBytes,
  type Frontier,
  hashCustodyLeaf,
  parseCheckpoint,
  type ReadNode,
  type TreeNode,
  type VerifierKey,
  verifyNote,
} from "@sworn/core";
import { nodeSha256, nodeVerifyEd25519 } from "@sworn/core/node";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import type { CheckpointTable, LeafTable } from "../../ports/tables.ts";
import type { Report } from "./finding.ts";
import type { OnProgress } from "./progress.ts";

const PAGE = 4096;

export interface TreeCheck {
  readonly tx: Tx;
  readonly report: Report;
  readonly key: VerifierKey;
  readonly onProgress: OnProgress;
  /** Sizes whose recomputed roots somebody wants to compare (a checkpoint kept elsewhere, the public copy). */
  readonly wanted: ReadonlySet<number>;
}

/**
 * Recomputes the whole tree from the commitments: every leaf hash, every node, every checkpoint's root and
 * signature, without gap. Goes on past damage where two of three sources agree, so that one altered row is
 * one finding and not a landslide.
 *
 * @returns the log's size as stored, and the recomputed roots of the wanted sizes
 */
export async function checkTree(check: TreeCheck): Promise<{ size: number; roots: Map<number, Uint8Array> }> {
  const { tx, report } = check;
  const roots = new Map<number, Uint8Array>();
  const frontier = createFrontier(undefined, nodeSha256);
  const size = await readSize(tx);
  let signed = 0;
  while (frontier.size < size) {
    const from = frontier.size;
    const to = Math.min(size, from + PAGE);
    const leaves = new Map((await readLeaves(tx, from, to)).map((leaf) => [leaf.index, leaf]));
    const checkpoints = new Map((await readCheckpoints(tx, from, to)).map((row) => [row.size, row]));
    const lowest = await readStored(tx, leafIds(from, to));
    const nodes: TreeNode[] = [];
    for (let index = from; index < to; index += 1) {
      const hash = settleLeaf(leaves.get(index), lowest(0, index), index, report);
      if (hash === null) return { size, roots };
      nodes.push(...frontier.append(hash));
      if (check.wanted.has(frontier.size)) roots.set(frontier.size, frontier.root());
      const row = checkpoints.get(frontier.size);
      if (row === undefined) continue;
      checkCheckpoint(check, row, frontier, signed);
      signed = row.size;
    }
    await compareNodes(check, nodes);
    check.onProgress({ step: "tree", done: frontier.size, total: size });
  }
  await checkEnd(check, size, signed);
  return { size, roots };
}

async function readSize(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom("custody.leaf")
    .select(({ fn }) => fn.max<number | null>("index").as("top"))
    .executeTakeFirst();
  return (row?.top ?? -1) + 1;
}

async function readLeaves(tx: Tx, from: number, to: number): Promise<LeafTable[]> {
  return await tx.selectFrom("custody.leaf").selectAll().where("index", ">=", from).where("index", "<", to).execute();
}

async function readCheckpoints(tx: Tx, after: number, to: number): Promise<CheckpointTable[]> {
  return await tx
    .selectFrom("custody.checkpoint")
    .selectAll()
    .where("size", ">", after)
    .where("size", "<=", to)
    .execute();
}

const leafIds = (from: number, to: number): { level: number; index: number }[] =>
  Array.from({ length: to - from }, (_, i) => ({ level: 0, index: from + i }));

async function readStored(tx: Tx, ids: readonly { level: number; index: number }[]): Promise<ReadNode> {
  const { rows } = await sql<{ level: number; index: number; hash: Uint8Array }>`
    select n.level, n.index, n.hash
    from unnest(${ids.map(({ level }) => level)}::int2[], ${ids.map(({ index }) => index)}::int8[]) as wanted(level, index)
    join custody.node n on n.level = wanted.level and n.index = wanted.index`.execute(tx);
  const found = new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return (level, index) => found.get(`${level}/${index}`);
}

/** The leaf hash to go on with: of commitment, stored leaf hash and stored node, what two agree on. */
function settleLeaf(
  leaf: LeafTable | undefined,
  node: Uint8Array | undefined,
  index: number,
  report: Report,
): Uint8Array | null {
  if (leaf === undefined) {
    report("leaf-missing", "leaf", index, `Entry ${index} of the log's tree is missing.`);
    if (node === undefined)
      report(
        "node-missing",
        "node",
        `0/${index}`,
        `Its hash is missing too: the tree cannot be recomputed beyond entry ${index}.`,
      );
    return node ?? null;
  }
  const computed = hashCustodyLeaf(leaf.commitment, nodeSha256);
  if (equalBytes(computed, leaf.leaf_hash)) return computed;
  const commitmentChanged = node !== undefined && equalBytes(node, leaf.leaf_hash);
  report(
    "leaf-altered",
    "leaf",
    index,
    `Entry ${index} of the log's tree was changed: its ${commitmentChanged ? "commitment" : "leaf hash"} is not the one that was logged.`,
  );
  return commitmentChanged ? leaf.leaf_hash : computed;
}

async function compareNodes({ tx, report }: TreeCheck, nodes: readonly TreeNode[]): Promise<void> {
  const stored = await readStored(tx, nodes);
  for (const { level, index, hash } of nodes) {
    const found = stored(level, index);
    const name = `Node ${index} of level ${level} of the log's tree`;
    if (found === undefined) report("node-missing", "node", `${level}/${index}`, `${name} is missing.`);
    else if (!equalBytes(found, hash))
      report("node-altered", "node", `${level}/${index}`, `${name} is not what its leaves give.`);
  }
}

function checkCheckpoint({ report, key }: TreeCheck, row: CheckpointTable, frontier: Frontier, signed: number): void {
  const name = `The checkpoint of ${row.size} entries`;
  if (row.previous !== signed) {
    report(
      "checkpoint-missing",
      "checkpoint",
      row.previous,
      `${name} follows one of ${row.previous} entries; found before it: ${signed}.`,
    );
  }
  const statement = readNote(row.note, key);
  if (statement === null)
    return report("checkpoint-unsigned", "checkpoint", row.size, `${name} is not signed by this log's key.`);
  if (statement.origin !== key.name || statement.size !== row.size || !equalBytes(statement.root, row.root)) {
    report("checkpoint-altered", "checkpoint", row.size, `${name}: the row says something else than what was signed.`);
  }
  if (!equalBytes(statement.root, frontier.root())) {
    report(
      "checkpoint-root-mismatch",
      "checkpoint",
      row.size,
      `${name} was signed with another root than the entries give.`,
    );
  }
}

/** What a note says, if this key signed it. */
export function readNote(note: string | Uint8Array, key: VerifierKey): Checkpoint | null {
  try {
    return parseCheckpoint(verifyNote(note, [key], nodeVerifyEd25519).text);
  } catch {
    return null;
  }
}

async function checkEnd({ tx, report }: TreeCheck, size: number, signed: number): Promise<void> {
  if (signed < size) {
    report(
      "leaf-unsigned",
      "leaf",
      signed,
      `Entries ${signed} to ${size - 1} of the log are covered by no checkpoint.`,
    );
  }
  for (const row of await tx.selectFrom("custody.checkpoint").select("size").where("size", ">", size).execute()) {
    report(
      "leaf-missing",
      "leaf",
      row.size - 1,
      `A checkpoint of ${row.size} entries was signed, but only ${size} are stored.`,
    );
  }
  const { rows } = await sql<{ level: number; index: number }>`
    select level, index from custody.node where level > 62 or index >= (${size}::int8 >> level) order by level, index limit 1000`.execute(
    tx,
  );
  for (const { level, index } of rows) {
    report(
      "node-unexpected",
      "node",
      `${level}/${index}`,
      `Node ${index} of level ${level} covers entries that the log does not have.`,
    );
  }
}

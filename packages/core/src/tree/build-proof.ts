import { CoreError } from "../error.ts";
import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { type NodeId, foldRight, frontierNodes } from "./frontier.ts";
import { assertIndex, assertSize, emptyRoot } from "./hash-tree.ts";

/** Per proof hash, the complete nodes it is folded from (largest first); one node for most, several at the right edge. */
export type ProofPlan = readonly (readonly NodeId[])[];

/** Reads the hash of a complete node as returned by `Frontier.append`. */
export type ReadNode = (level: number, index: number) => Uint8Array | undefined;
export type ReadNodeAsync = (level: number, index: number) => Promise<Uint8Array | undefined>;

/** Which nodes the audit path of leaf `index` needs (RFC 6962 section 2.1.1). */
export function planInclusion(index: number, size: number): ProofPlan {
  assertSize(size, "size");
  assertIndex(index, size);
  const plan: NodeId[][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const split = begin + largestPowerBelow(end - begin);
    if (index < split) {
      plan.push(completeNodes(split, end));
      end = split;
    } else {
      plan.push(completeNodes(begin, split));
      begin = split;
    }
  }
  return plan.toReversed();
}

/** Which nodes the consistency proof between two sizes needs (RFC 6962 section 2.1.2). `size1` = 0 is refused. */
export function planConsistency(size1: number, size2: number): ProofPlan {
  assertSize(size1, "size1");
  assertSize(size2, "size2");
  if (size1 === 0) throw new CoreError("size-zero", "there is no proof from an empty tree");
  if (size1 > size2) throw new CoreError("size-order", `the older tree (${size1}) is larger than the newer (${size2})`);
  const plan: NodeId[][] = [];
  let begin = 0;
  let end = size2;
  while (end !== size1) {
    const split = begin + largestPowerBelow(end - begin);
    if (size1 <= split) {
      plan.push(completeNodes(split, end));
      end = split;
    } else {
      plan.push(completeNodes(begin, split));
      begin = split;
    }
  }
  // The verifier already holds the old root; when the walk ends on it, it is left out.
  if (begin !== 0) plan.push(completeNodes(begin, end));
  return plan.toReversed();
}

/** Audit path of leaf `index` in the tree of `size` leaves; `node-missing` when a node cannot be read. */
export function buildInclusionProof(
  index: number,
  size: number,
  read: ReadNode,
  sha256: Sha256 = pureSha256,
): Uint8Array[] {
  return planInclusion(index, size).map((nodes) =>
    foldNodes(
      nodes,
      nodes.map((id) => read(id.level, id.index)),
      sha256,
    ),
  );
}

/** Proof that the tree of `size1` leaves is a prefix of that of `size2`; empty for equal sizes. */
export function buildConsistencyProof(
  size1: number,
  size2: number,
  read: ReadNode,
  sha256: Sha256 = pureSha256,
): Uint8Array[] {
  return planConsistency(size1, size2).map((nodes) =>
    foldNodes(
      nodes,
      nodes.map((id) => read(id.level, id.index)),
      sha256,
    ),
  );
}

/** Root of the first `size` leaves, from stored nodes. */
export function buildRoot(size: number, read: ReadNode, sha256: Sha256 = pureSha256): Uint8Array {
  const nodes = frontierNodes(size);
  if (nodes.length === 0) return emptyRoot(sha256);
  return foldNodes(
    nodes,
    nodes.map((id) => read(id.level, id.index)),
    sha256,
  );
}

/** As `buildInclusionProof`, over a reader that answers later; all nodes are asked for at once. */
export async function buildInclusionProofAsync(
  index: number,
  size: number,
  read: ReadNodeAsync,
  sha256: Sha256 = pureSha256,
): Promise<Uint8Array[]> {
  return await assemble(planInclusion(index, size), read, sha256);
}

/** As `buildConsistencyProof`, over a reader that answers later. */
export async function buildConsistencyProofAsync(
  size1: number,
  size2: number,
  read: ReadNodeAsync,
  sha256: Sha256 = pureSha256,
): Promise<Uint8Array[]> {
  return await assemble(planConsistency(size1, size2), read, sha256);
}

/** As `buildRoot`, over a reader that answers later. */
export async function buildRootAsync(
  size: number,
  read: ReadNodeAsync,
  sha256: Sha256 = pureSha256,
): Promise<Uint8Array> {
  const [root] = await assemble(
    [frontierNodes(size)].filter((nodes) => nodes.length > 0),
    read,
    sha256,
  );
  return root ?? emptyRoot(sha256);
}

async function assemble(plan: ProofPlan, read: ReadNodeAsync, sha256: Sha256): Promise<Uint8Array[]> {
  return await Promise.all(
    plan.map(async (nodes) => foldNodes(nodes, await Promise.all(nodes.map((id) => read(id.level, id.index))), sha256)),
  );
}

function foldNodes(ids: readonly NodeId[], hashes: readonly (Uint8Array | undefined)[], sha256: Sha256): Uint8Array {
  const found = hashes.map((hash, i) => {
    if (hash === undefined)
      throw new CoreError("node-missing", `node ${ids[i]?.index} of level ${ids[i]?.level} is missing`);
    assertHash(hash, "a stored node");
    return hash;
  });
  const folded = foldRight(found, sha256);
  if (folded === undefined) throw new CoreError("node-missing", "a proof step without nodes");
  return folded;
}

/** The complete nodes that cover leaves [begin, end), largest first. `begin` is a multiple of each node's width here. */
function completeNodes(begin: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  let at = begin;
  for (const { level } of frontierNodes(end - begin)) {
    const width = 2 ** level;
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Largest power of two smaller than n (n > 1): where RFC 6962 splits a tree. */
function largestPowerBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

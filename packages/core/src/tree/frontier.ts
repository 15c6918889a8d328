import { CoreError } from "../error.ts";
import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { assertSize, emptyRoot, half, hashNode, isOdd } from "./hash-tree.ts";

/** Address of a complete node: `level` 0 holds the leaf hashes; node i of level L covers leaves [i * 2^L, (i+1) * 2^L). */
export type NodeId = { level: number; index: number };
export type TreeNode = NodeId & { hash: Uint8Array };

/** What a frontier must remember: the size and the roots of its complete subtrees, largest first. */
export type FrontierState = { size: number; hashes: readonly Uint8Array[] };

export type Frontier = {
  readonly size: number;
  /** Adds one leaf hash; returns the nodes that became complete, the leaf first. Store them: proofs are built from them. */
  append(leafHash: Uint8Array): TreeNode[];
  /** Root of the tree so far (RFC 6962); of nothing, the hash of nothing. */
  root(): Uint8Array;
  state(): FrontierState;
};

/** The complete subtrees of a tree of `size` leaves, largest first: read these nodes to restore a frontier. */
export function frontierNodes(size: number): NodeId[] {
  assertSize(size, "size");
  const nodes: NodeId[] = [];
  let rest = size;
  for (let level = 0; rest > 0; level++, rest = half(rest)) {
    if (isOdd(rest)) nodes.push({ level, index: rest - 1 });
  }
  return nodes.toReversed();
}

/** An append-only RFC 6962 tree that keeps only its right edge: at most 53 hashes, whatever its size. */
export function createFrontier(from?: FrontierState, sha256: Sha256 = pureSha256): Frontier {
  let size = from?.size ?? 0;
  const hashes = [...(from?.hashes ?? [])];
  if (frontierNodes(size).length !== hashes.length) {
    throw new CoreError("frontier-malformed", `${hashes.length} hashes cannot be the frontier of ${size} leaves`);
  }
  for (const hash of hashes) assertHash(hash, "a frontier hash");

  function append(leafHash: Uint8Array): TreeNode[] {
    assertHash(leafHash, "the leaf hash");
    assertSize(size + 1, "size");
    const made: TreeNode[] = [{ level: 0, index: size, hash: leafHash }];
    let node = leafHash;
    let index = size;
    for (let level = 1; isOdd(index); level++) {
      const left = hashes.pop();
      if (left === undefined) throw new CoreError("frontier-malformed", "the frontier lacks a left sibling");
      node = hashNode(left, node, sha256);
      index = half(index);
      made.push({ level, index, hash: node });
    }
    hashes.push(node);
    size += 1;
    return made;
  }

  return {
    get size() {
      return size;
    },
    append,
    root: () => foldRight(hashes, sha256) ?? emptyRoot(sha256),
    state: () => ({ size, hashes: [...hashes] }),
  };
}

/** Joins neighbouring subtrees, largest first, the way RFC 6962 splits them: from the right. */
export function foldRight(hashes: readonly Uint8Array[], sha256: Sha256): Uint8Array | undefined {
  let folded: Uint8Array | undefined;
  for (const hash of hashes.toReversed()) {
    folded = folded === undefined ? hash : hashNode(hash, folded, sha256);
  }
  return folded;
}

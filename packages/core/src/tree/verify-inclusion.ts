import { equalBytes } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { assertIndex, assertSize, half, hashNode, isOdd } from "./hash-tree.ts";

export type InclusionClaim = {
  leafHash: Uint8Array;
  /** Zero-based position of the leaf. */
  index: number;
  /** Number of leaves in the tree that `root` stands for. */
  size: number;
  /** Sibling hashes from the leaf upwards. */
  proof: readonly Uint8Array[];
  root: Uint8Array;
};

/**
 * Returns when `leafHash` is leaf `index` of the tree (RFC 9162 section 2.1.3.2), else throws CoreError:
 * `index-out-of-range`, `proof-too-short`, `proof-too-long`, `proof-root-mismatch`, `hash-length`.
 */
export function verifyInclusion(claim: InclusionClaim, sha256: Sha256 = pureSha256): void {
  assertHash(claim.root, "the root");
  if (!equalBytes(rootFromInclusion(claim, sha256), claim.root)) {
    throw new CoreError("proof-root-mismatch", "the proof leads to another root");
  }
}

/** The root that an inclusion proof leads to; says nothing about which root to trust. */
export function rootFromInclusion(claim: Omit<InclusionClaim, "root">, sha256: Sha256 = pureSha256): Uint8Array {
  const { leafHash, index, size, proof } = claim;
  assertSize(size, "size");
  assertIndex(index, size);
  assertHash(leafHash, "the leaf hash");
  let node = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    assertHash(sibling, "a proof hash");
    if (last === 0) throw new CoreError("proof-too-long", "the proof goes on above the root");
    if (isOdd(node) || node === last) {
      hash = hashNode(sibling, hash, sha256);
      // A last node without right sibling moves up unhashed until it becomes somebody's right child.
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = hashNode(hash, sibling, sha256);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new CoreError("proof-too-short", "the proof ends below the root");
  return hash;
}

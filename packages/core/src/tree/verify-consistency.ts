import { equalBytes } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { assertSize, half, hashNode, isOdd } from "./hash-tree.ts";

export type ConsistencyClaim = {
  size1: number;
  root1: Uint8Array;
  size2: number;
  root2: Uint8Array;
  proof: readonly Uint8Array[];
};

/**
 * Returns when the tree of `size1` leaves is a prefix of the tree of `size2` (RFC 9162 section 2.1.4.2), else throws
 * CoreError: `size-zero` (nothing is proven about an empty tree), `size-order`, `proof-too-short`, `proof-too-long`,
 * `proof-roots-differ` (equal sizes), `proof-old-root-mismatch`, `proof-new-root-mismatch`, `hash-length`.
 */
export function verifyConsistency(claim: ConsistencyClaim, sha256: Sha256 = pureSha256): void {
  const { size1, root1, size2, root2, proof } = claim;
  assertSize(size1, "size1");
  assertSize(size2, "size2");
  if (size1 === 0)
    throw new CoreError("size-zero", "an empty tree is consistent with every tree: there is nothing to prove");
  if (size1 > size2) throw new CoreError("size-order", `the older tree (${size1}) is larger than the newer (${size2})`);
  assertHash(root1, "root1");
  assertHash(root2, "root2");
  for (const hash of proof) assertHash(hash, "a proof hash");
  if (size1 === size2) {
    if (proof.length > 0) throw new CoreError("proof-too-long", "trees of one size need an empty proof");
    if (!equalBytes(root1, root2))
      throw new CoreError("proof-roots-differ", "two roots for one size: the log has forked");
    return;
  }
  const { oldRoot, newRoot } = rootsFromConsistency(claim, sha256);
  if (!equalBytes(oldRoot, root1))
    throw new CoreError("proof-old-root-mismatch", "the proof leads to another old root");
  if (!equalBytes(newRoot, root2))
    throw new CoreError("proof-new-root-mismatch", "the proof leads to another new root");
}

function rootsFromConsistency(claim: ConsistencyClaim, sha256: Sha256): { oldRoot: Uint8Array; newRoot: Uint8Array } {
  let node = claim.size1 - 1;
  let last = claim.size2 - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // When size1 is a power of two its root is itself the first node of the walk, and the proof leaves it out.
  const path = node === 0 ? [claim.root1, ...claim.proof] : claim.proof;
  const [first, ...rest] = path;
  if (first === undefined) throw new CoreError("proof-too-short", "the proof is empty");
  let oldRoot = first;
  let newRoot = first;
  for (const sibling of rest) {
    if (last === 0) throw new CoreError("proof-too-long", "the proof goes on above the root");
    if (isOdd(node) || node === last) {
      oldRoot = hashNode(sibling, oldRoot, sha256);
      newRoot = hashNode(sibling, newRoot, sha256);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newRoot = hashNode(newRoot, sibling, sha256);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new CoreError("proof-too-short", "the proof ends below the root");
  return { oldRoot, newRoot };
}

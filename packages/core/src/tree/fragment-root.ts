import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { createFrontier } from "./frontier.ts";
import { hashLeaf } from "./hash-tree.ts";

/**
 * Leaf of a recording's fragment tree, from the fragment's SHA-256 (32 bytes). The digest, not the fragment, is the leaf
 * content: it is what cameras sign and send, so a clip proof can start from it.
 */
export function hashFragmentLeaf(fragmentSha256: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  assertHash(fragmentSha256, "the fragment digest");
  return hashLeaf(fragmentSha256, sha256);
}

/** `fragmentRoot` of a take: RFC 6962 root over its fragments' SHA-256 digests in order. */
export function fragmentRoot(fragmentSha256s: readonly Uint8Array[], sha256: Sha256 = pureSha256): Uint8Array {
  const frontier = createFrontier(undefined, sha256);
  for (const digest of fragmentSha256s) frontier.append(hashFragmentLeaf(digest, sha256));
  return frontier.root();
}

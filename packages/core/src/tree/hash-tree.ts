import { CoreError } from "../error.ts";
import { type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";

// RFC 6962 section 2.1: the prefixes keep a leaf from being passed off as an inner node.
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

/** Leaf hash of RFC 6962: SHA-256(0x00 || bytes), 32 bytes. */
export function hashLeaf(bytes: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  return sha256(LEAF_PREFIX, bytes);
}

/** Inner node hash of RFC 6962: SHA-256(0x01 || left || right). Both children must have 32 bytes. */
export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  assertHash(left, "the left child");
  assertHash(right, "the right child");
  return sha256(NODE_PREFIX, left, right);
}

/** Root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export function emptyRoot(sha256: Sha256 = pureSha256): Uint8Array {
  return sha256();
}

/** Refuses anything but an integer from 0 to 2^53 - 1: beyond it, arithmetic loses leaves silently. */
export function assertSize(size: number, what: string): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw new CoreError("size-invalid", `${what} is not a tree size: ${size}`);
}

/** Refuses an index that is no safe integer or lies outside a tree of `size` leaves. */
export function assertIndex(index: number, size: number): void {
  if (!Number.isSafeInteger(index) || index < 0) throw new CoreError("index-invalid", `not a leaf index: ${index}`);
  if (index >= size) throw new CoreError("index-out-of-range", `index ${index} is outside a tree of ${size} leaves`);
}

// Sizes exceed 32 bits, so halving and parity use arithmetic: JavaScript's >> and & truncate silently.
export const half = (n: number): number => Math.floor(n / 2);
export const isOdd = (n: number): boolean => n % 2 === 1;

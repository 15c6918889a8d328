// The slow, obvious twin of the tree: RFC 6962 section 2.1 word for word, recursive, over all leaves. It judges the fast code.
import { createHash } from "node:crypto";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** k: the largest power of two smaller than n. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

export function referenceRoot(entries: readonly Uint8Array[]): Uint8Array {
  const [only] = entries;
  if (only === undefined) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), only);
  const k = splitPoint(entries.length);
  return sha256(Uint8Array.of(1), referenceRoot(entries.slice(0, k)), referenceRoot(entries.slice(k)));
}

/** PATH(m, D[n]) of section 2.1.1. */
export function referencePath(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length <= 1) return [];
  const k = splitPoint(entries.length);
  return m < k
    ? [...referencePath(m, entries.slice(0, k)), referenceRoot(entries.slice(k))]
    : [...referencePath(m - k, entries.slice(k)), referenceRoot(entries.slice(0, k))];
}

/** PROOF(m, D[n]) of section 2.1.2. */
export function referenceConsistency(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  return subproof(m, entries, true);
}

function subproof(m: number, entries: readonly Uint8Array[], isOldRoot: boolean): Uint8Array[] {
  if (m === entries.length) return isOldRoot ? [] : [referenceRoot(entries)];
  const k = splitPoint(entries.length);
  return m <= k
    ? [...subproof(m, entries.slice(0, k), isOldRoot), referenceRoot(entries.slice(k))]
    : [...subproof(m - k, entries.slice(k), false), referenceRoot(entries.slice(0, k))];
}

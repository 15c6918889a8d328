import { sha256 as noble } from "@noble/hashes/sha2.js";
import { CoreError } from "../error.ts";

/** SHA-256 of the concatenation of its arguments. Inject a faster one where there is one (`@sworn/core/node`). */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** A running SHA-256, for bytes that arrive in pieces; `digest` ends it. */
export type Sha256Stream = { update(bytes: Uint8Array): void; digest(): Uint8Array };
export type StartSha256 = () => Sha256Stream;

export const HASH_LENGTH = 32;

/** SHA-256 in plain JavaScript: the default, for browsers. */
export const pureSha256: Sha256 = (...parts) => {
  const hash = noble.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const startPureSha256: StartSha256 = () => {
  const hash = noble.create();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest(),
  };
};

/** Refuses anything but 32 bytes: a short hash would weaken a proof without any visible sign. */
export function assertHash(hash: Uint8Array, what: string): void {
  if (hash.length !== HASH_LENGTH) {
    throw new CoreError("hash-length", `${what} has ${hash.length} bytes instead of ${HASH_LENGTH}`);
  }
}

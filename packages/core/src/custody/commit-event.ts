import { concatBytes, equalBytes, toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { hmacSha256 } from "../hash/hmac-sha256.ts";
import { type Sha256, pureSha256 } from "../hash/sha256.ts";
import { canonicalBytes } from "../json/canonical-json.ts";
import { hashLeaf } from "../tree/hash-tree.ts";
import type { CustodyEvent } from "./custody-event.ts";
import { verifyEvent } from "./verify-event.ts";

/** Bytes of an event's own random salt, and of its commitment. */
export const SALT_LENGTH = 32;
export const COMMITMENT_LENGTH = 32;

const LEAF_LABEL = toUtf8("sworn-custody-leaf/v1\n");

/**
 * Commitment to an event: HMAC-SHA-256(salt, JCS(event)), 32 bytes. The salt is random, of this event alone: destroying both
 * leaves a commitment that no guess can be tested against. Refuses what `verifyEvent` refuses, and `salt-length`.
 */
export function commitEvent(event: CustodyEvent, salt: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  if (salt.length !== SALT_LENGTH)
    throw new CoreError("salt-length", `a salt has ${SALT_LENGTH} bytes, not ${salt.length}`);
  return hmacSha256(salt, canonicalBytes(verifyEvent(event), { integersOnly: true }), sha256);
}

/** Returns when event and salt open `commitment`, else throws `event-uncommitted` (or what `commitEvent` throws). */
export function verifyCommitment(
  event: CustodyEvent,
  salt: Uint8Array,
  commitment: Uint8Array,
  sha256: Sha256 = pureSha256,
): void {
  if (!equalBytes(commitEvent(event, salt, sha256), commitment)) {
    throw new CoreError("event-uncommitted", "the event is not the one that was committed to");
  }
}

/** Log entry of a commitment: label || commitment, 54 bytes whatever the event, so that nothing leaks. */
export function custodyLeaf(commitment: Uint8Array): Uint8Array {
  if (commitment.length !== COMMITMENT_LENGTH) {
    throw new CoreError("commitment-length", `a commitment has ${COMMITMENT_LENGTH} bytes, not ${commitment.length}`);
  }
  return concatBytes(LEAF_LABEL, commitment);
}

/** RFC 6962 leaf hash of `custodyLeaf(commitment)`: what stands in the tree and what inclusion is proven of. */
export function hashCustodyLeaf(commitment: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  return hashLeaf(custodyLeaf(commitment), sha256);
}

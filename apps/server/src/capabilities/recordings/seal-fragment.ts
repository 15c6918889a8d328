import { createHash, hkdfSync, randomBytes } from "node:crypto";
import { SEAL_SALT_LENGTH, seal, sealContext, unseal } from "@sworn/core";
import { nodeSealCrypto } from "@sworn/core/node";
import { SpoolError } from "../../ports/spool.ts";

const KEY_INFO = Buffer.from("sworn-spool-fragment-key/v1\0");

/** Which fragment a container is: it opens nowhere else. `n` is -1 for the init segment. */
export interface FragmentName {
  readonly recordingId: string;
  readonly take: number;
  readonly n: number;
}

/**
 * The key of a recording's fragments in the spool: HKDF-SHA-512 of the evidence key under a label of its own, so that a
 * spool container and a wrapped span key never share one. It needs no row: destroying the evidence key destroys it too.
 */
export function spoolKey(evidenceKey: Uint8Array, recordingId: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha512", evidenceKey, "", Buffer.concat([KEY_INFO, Buffer.from(recordingId)]), 32));
}

/** One fragment as a C2SP chunked-encryption container with a salt of its own. */
export function sealFragment(key: Uint8Array, name: FragmentName, plain: Uint8Array): Uint8Array {
  const salt = randomBytes(SEAL_SALT_LENGTH);
  return seal(plain, { key, salt, context: contextOf(name), crypto: nodeSealCrypto });
}

/** Opens and matches a fragment read back from the spool; damage of any kind is a SpoolError `damaged`. */
export function openFragment(
  key: Uint8Array,
  name: FragmentName,
  sealed: Uint8Array,
  expected: { size: number; sha256: Uint8Array },
): Uint8Array {
  let plain: Uint8Array;
  try {
    plain = unseal(sealed, { key, context: contextOf(name), crypto: nodeSealCrypto, length: expected.size });
  } catch (cause) {
    throw new SpoolError("damaged", `fragment ${name.n} of take ${name.take} does not open`, cause);
  }
  if (!createHash("sha256").update(plain).digest().equals(expected.sha256)) {
    throw new SpoolError("damaged", `fragment ${name.n} of take ${name.take} is not what was received`);
  }
  return plain;
}

const contextOf = ({ recordingId, take, n }: FragmentName): Uint8Array =>
  sealContext("sworn-spool-fragment/v1", recordingId, String(take), String(n));

import { concatBytes, toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { canonicalBytes } from "../json/canonical-json.ts";
import type { SealCrypto } from "./seal-crypto.ts";
import { SEAL_KEY_LENGTH, SEAL_SALT_LENGTH } from "./seal-format.ts";

export type MessageKey = { key: Uint8Array; baseNonce: Uint8Array; commitment: Uint8Array };

const INFO = toUtf8("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");

/** Key, base nonce and commitment of one message: HKDF-Expand(key, label || salt || context), 32 + 12 + 32 bytes. */
export function deriveMessageKey(
  crypto: SealCrypto,
  inputKey: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
): MessageKey {
  if (inputKey.length !== SEAL_KEY_LENGTH)
    throw new CoreError("seal-key-length", `a sealing key has ${SEAL_KEY_LENGTH} bytes`);
  if (salt.length !== SEAL_SALT_LENGTH)
    throw new CoreError("seal-salt-length", `a sealing salt has ${SEAL_SALT_LENGTH} bytes`);
  const derived = hkdfExpand(crypto, inputKey, concatBytes(INFO, salt, context), 76);
  return { key: derived.slice(0, 32), baseNonce: derived.slice(32, 44), commitment: derived.slice(44, 76) };
}

/**
 * HKDF-Expand with SHA-512 (RFC 5869 section 2.3). Written here because libraries insist on a key of 64 bytes, the hash's own
 * length; chunked-encryption takes the 32-byte key as it is.
 */
function hkdfExpand(crypto: SealCrypto, key: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let block = new Uint8Array(0);
  for (let at = 0, counter = 1; at < length; at += block.length, counter++) {
    block = new Uint8Array(crypto.hmacSha512(key, concatBytes(block, info, Uint8Array.of(counter))));
    out.set(block.subarray(0, length - at), at);
  }
  return out;
}

/** Writes the nonce of chunk `index` into `nonce`: the base nonce with the counter, big-endian, XORed in at its end. */
export function setChunkNonce(nonce: Uint8Array, baseNonce: Uint8Array, index: number): void {
  nonce.set(baseNonce);
  let rest = index;
  for (let at = 11; rest > 0; at--) {
    nonce[at] = (nonce[at] ?? 0) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
}

/**
 * Context bytes that no other purpose can produce: the canonical JSON list of a label and ids, such as
 * `sealContext('sworn-span/v1', evidenceId, spanId)`.
 */
export function sealContext(label: string, ...ids: readonly string[]): Uint8Array {
  return canonicalBytes([label, ...ids]);
}

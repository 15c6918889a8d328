import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toHex, toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { type Sha256, pureSha256 } from "../hash/sha256.ts";

/** Signature types of C2SP signed-note that this package verifies; others are ignored when they appear in a note. */
export const SIGNATURE_ED25519 = 0x01;
export const SIGNATURE_COSIGNATURE = 0x04;
export type SignatureType = typeof SIGNATURE_ED25519 | typeof SIGNATURE_COSIGNATURE;

/** A public key that someone decided to trust. `keyId` has 4 bytes, `publicKey` 32 (Ed25519). */
export type VerifierKey = { name: string; type: SignatureType; publicKey: Uint8Array; keyId: Uint8Array };

/** Builds a verifier key; its id is SHA-256(name || LF || type || public key)[:4] (C2SP signed-note). */
export function makeVerifierKey(
  key: { name: string; publicKey: Uint8Array; type?: SignatureType },
  sha256: Sha256 = pureSha256,
): VerifierKey {
  const { name, publicKey, type = SIGNATURE_ED25519 } = key;
  assertKeyName(name);
  if (publicKey.length !== 32) throw new CoreError("key-malformed", "an Ed25519 public key has 32 bytes");
  const keyId = sha256(toUtf8(`${name}\n`), Uint8Array.of(type), publicKey).slice(0, 4);
  return { name, type, publicKey, keyId };
}

/** Text form `<name>+<key id, 8 hex digits>+<base64(type || public key)>` (C2SP signed-note, vkey). */
export function encodeVkey(key: VerifierKey): string {
  return `${key.name}+${toHex(key.keyId)}+${toBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** Reads a vkey: `key-malformed`, `key-name-invalid`, `key-type-unsupported`, or `key-id-mismatch` (a typing error). */
export function parseVkey(text: string, sha256: Sha256 = pureSha256): VerifierKey {
  // Base64 may hold "+", names may not: the first two are the separators.
  const [, name, id, encoded] = /^([^+]*)\+([0-9a-f]{8})\+(.+)$/su.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined)
    throw new CoreError("key-malformed", "not a vkey");
  const material = fromBase64(encoded);
  const type = material[0];
  if (type !== SIGNATURE_ED25519 && type !== SIGNATURE_COSIGNATURE) {
    throw new CoreError("key-type-unsupported", `signature type ${type} is not supported`);
  }
  const key = makeVerifierKey({ name, type, publicKey: material.slice(1) }, sha256);
  if (!equalBytes(key.keyId, fromHex(id)))
    throw new CoreError("key-id-mismatch", "the key id does not belong to this key");
  return key;
}

/** SHA-256 of name, type and public key in hex: what a person compares aloud or on paper (the key id is far too short). */
export function keyFingerprint(key: VerifierKey, sha256: Sha256 = pureSha256): string {
  return toHex(sha256(toUtf8(`${key.name}\n`), Uint8Array.of(key.type), key.publicKey));
}

/** Key names are non-empty and hold no Unicode space, no "+" and no control character. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\p{White_Space}+\p{Cc}]/u.test(name);
}

function assertKeyName(name: string): void {
  if (!isKeyName(name)) throw new CoreError("key-name-invalid", 'a key name is non-empty, without spaces and "+"');
}

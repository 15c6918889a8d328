import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, equalBytes, toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { type Note, type NoteSignature, parseNote } from "./parse-note.ts";
import { SIGNATURE_COSIGNATURE, type VerifierKey, parseVkey } from "./verifier-key.ts";

/** True when the signature (64 bytes) of `message` is good. Injectable: node:crypto is many times faster. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** A good signature by a trusted key; cosignatures carry the time, in POSIX seconds, at which the witness looked. */
export type VerifiedSignature = { key: VerifierKey; timestamp: number | null };

export type VerifiedNote = {
  text: string;
  /** At least one, one per key, in the order of the note. */
  verified: readonly VerifiedSignature[];
  /** Signatures by keys that are not trusted: unknown, so neither good nor bad. */
  ignored: number;
};

/** Strict RFC 8032 verification in plain JavaScript. */
export const pureVerifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // noble throws on points that are off the curve; for a verifier that is simply a bad signature
  }
};

/**
 * Checks a note against keys that the caller trusts (keys or vkey texts) and gives its text. Unknown signatures are ignored;
 * refusals: `note-untrusted` (no trusted key signed), `note-signature-invalid` (a trusted key's line does not verify),
 * `key-ambiguous` (two trusted keys share name and id), and those of `parseNote`.
 */
export function verifyNote(
  source: string | Uint8Array | Note,
  trustedKeys: readonly (VerifierKey | string)[],
  verifyEd25519: VerifyEd25519 = pureVerifyEd25519,
): VerifiedNote {
  const note = typeof source === "string" || source instanceof Uint8Array ? parseNote(source) : source;
  const keys = distinctKeys(trustedKeys.map((key) => (typeof key === "string" ? parseVkey(key) : key)));
  const verified = new Map<VerifierKey, VerifiedSignature>();
  let ignored = 0;
  for (const signature of note.signatures) {
    const key = keys.find((trusted) => isBy(signature, trusted));
    if (key === undefined) {
      ignored += 1;
      continue;
    }
    const found = verifySignature(note.text, signature, key, verifyEd25519);
    // One key counts once, or a repeated line would stand for two witnesses; the latest statement is kept.
    const before = verified.get(key);
    if (before === undefined || (before.timestamp ?? 0) < (found.timestamp ?? 0)) verified.set(key, found);
  }
  if (verified.size === 0) throw new CoreError("note-untrusted", "no trusted key signed the note");
  return { text: note.text, verified: [...verified.values()], ignored };
}

function verifySignature(
  text: string,
  line: NoteSignature,
  key: VerifierKey,
  verify: VerifyEd25519,
): VerifiedSignature {
  const isCosignature = key.type === SIGNATURE_COSIGNATURE;
  const invalid = new CoreError("note-signature-invalid", `the signature by ${key.name} does not verify`);
  if (line.signature.length !== (isCosignature ? 72 : 64)) throw invalid;
  if (!isCosignature) {
    if (!verify(key.publicKey, toUtf8(text), line.signature)) throw invalid;
    return { key, timestamp: null };
  }
  const seconds = new DataView(line.signature.buffer, line.signature.byteOffset, 8).getBigUint64(0);
  // Beyond 2^53 seconds no clock is meant, and a number could not carry it to the signed message exactly.
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid;
  const timestamp = Number(seconds);
  if (!verify(key.publicKey, cosignedMessage(text, timestamp), line.signature.subarray(8))) throw invalid;
  return { key, timestamp };
}

/** What a witness signs: header and time lines, then the note text (C2SP tlog-cosignature v1). Time in POSIX seconds. */
export function cosignedMessage(text: string, timestamp: number): Uint8Array {
  return concatBytes(toUtf8(`cosignature/v1\ntime ${timestamp}\n`), toUtf8(text));
}

function distinctKeys(keys: readonly VerifierKey[]): VerifierKey[] {
  const distinct: VerifierKey[] = [];
  for (const key of keys) {
    const same = distinct.find((other) => other.name === key.name && equalBytes(other.keyId, key.keyId));
    if (same === undefined) distinct.push(key);
    else if (same.type !== key.type || !equalBytes(same.publicKey, key.publicKey)) {
      throw new CoreError("key-ambiguous", `two different keys are named ${key.name} and share an id`);
    }
  }
  return distinct;
}

const isBy = (line: NoteSignature, key: VerifierKey): boolean =>
  line.name === key.name && equalBytes(line.keyId, key.keyId);

import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, toBase64, toUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { assertNoteCharacters, parseNote } from "./parse-note.ts";
import {
  SIGNATURE_COSIGNATURE,
  SIGNATURE_ED25519,
  type SignatureType,
  type VerifierKey,
  makeVerifierKey,
} from "./verifier-key.ts";
import { cosignedMessage } from "./verify-note.ts";

/** Something that can sign for `key`; the private half may live anywhere. `sign` returns 64 bytes (Ed25519). */
export type NoteSigner = { key: VerifierKey; sign(message: Uint8Array): Uint8Array };

/** A signer over a 32-byte Ed25519 seed, in plain JavaScript. */
export function makeEd25519Signer(source: { name: string; seed: Uint8Array; type?: SignatureType }): NoteSigner {
  const { name, seed, type = SIGNATURE_ED25519 } = source;
  if (seed.length !== 32) throw new CoreError("key-malformed", "an Ed25519 seed has 32 bytes");
  return {
    key: makeVerifierKey({ name, type, publicKey: ed25519.getPublicKey(seed) }),
    sign: (message) => ed25519.sign(message, seed),
  };
}

/** Signs a text (it must end in a newline) and returns the whole note. `note-malformed`, `signer-mismatch`. */
export function signNote(text: string, signer: NoteSigner): string {
  if (signer.key.type !== SIGNATURE_ED25519) {
    throw new CoreError("signer-mismatch", "a witness key cosigns; it does not sign notes");
  }
  if (!text.endsWith("\n") || text === "\n") throw new CoreError("note-malformed", "a note text ends in a newline");
  assertNoteCharacters(text);
  return `${text}\n${signatureLine(signer.key, signer.sign(toUtf8(text)))}`;
}

/** The signature line that a witness answers with, newline included. `timestamp` in POSIX seconds. */
export function cosignNote(text: string, signer: NoteSigner, timestamp: number): string {
  if (signer.key.type !== SIGNATURE_COSIGNATURE) {
    throw new CoreError("signer-mismatch", "only a witness key cosigns");
  }
  if (!Number.isSafeInteger(timestamp) || timestamp < 0)
    throw new CoreError("size-invalid", "not a POSIX time in seconds");
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(timestamp));
  return signatureLine(signer.key, concatBytes(time, signer.sign(cosignedMessage(text, timestamp))));
}

/** Adds signature lines (each with its newline) to a note; refuses what would no longer parse. */
export function appendSignatures(note: string, lines: readonly string[]): string {
  const extended = note + lines.join("");
  if (parseNote(extended).text !== parseNote(note).text) {
    throw new CoreError("note-signature-malformed", "the added lines would change the text");
  }
  return extended;
}

function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `— ${key.name} ${toBase64(concatBytes(key.keyId, signature))}\n`;
}

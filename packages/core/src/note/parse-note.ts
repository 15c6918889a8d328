import { fromBase64, fromUtf8 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { isKeyName } from "./verifier-key.ts";

/** One signature line: `keyId` 4 bytes, `signature` what follows it. */
export type NoteSignature = { name: string; keyId: Uint8Array; signature: Uint8Array };

/** A note taken apart. `text` ends in a newline and is NOT to be believed before `verifyNote`. */
export type Note = { text: string; signatures: readonly NoteSignature[] };

// C2SP signed-note asks for at least 16 signatures, and post-quantum ones reach 5 kB each.
const MAX_SIGNATURES = 100;
const MAX_LENGTH = 1_000_000;

/**
 * Takes a C2SP signed note apart; verifies nothing. Refusals: `note-too-long`, `utf8-malformed`, `note-control-character`,
 * `note-malformed` (no text or no blank line), `note-no-signature`, `note-signature-malformed`, `note-too-many-signatures`.
 */
export function parseNote(source: string | Uint8Array): Note {
  if (source.length > MAX_LENGTH) throw new CoreError("note-too-long", `a note has at most ${MAX_LENGTH} bytes`);
  const note = typeof source === "string" ? source : fromUtf8(source);
  assertNoteCharacters(note);
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n"))
    throw new CoreError("note-malformed", "a note is text, a blank line and signatures");
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1);
  if (lines === "") throw new CoreError("note-no-signature", "nothing follows the blank line");
  const signatures = lines.split("\n").map(parseSignatureLine);
  if (signatures.length > MAX_SIGNATURES) {
    throw new CoreError("note-too-many-signatures", `a note has at most ${MAX_SIGNATURES} signatures`);
  }
  return { text, signatures };
}

/** Reads one line `— name base64(id || signature)`, without its newline. */
export function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(" ");
  if (dash !== "—" || name === undefined || encoded === undefined || more.length > 0 || !isKeyName(name)) {
    throw new CoreError("note-signature-malformed", 'a signature line is "— name base64"');
  }
  const bytes = fromBase64(encoded);
  if (bytes.length < 5) throw new CoreError("note-signature-malformed", "a signature follows a key id of 4 bytes");
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Notes hold no control character but newline; signing something else would sign what others refuse to read. */
export function assertNoteCharacters(text: string): void {
  if (!text.isWellFormed()) throw new CoreError("utf8-malformed", "the note holds a lone surrogate");
  if (Array.from(text).some((char) => char < " " && char !== "\n")) {
    throw new CoreError("note-control-character", "the note holds a control character");
  }
}

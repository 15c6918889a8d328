import { equalBytes, fromBase64, toBase64 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { HASH_LENGTH, assertHash } from "../hash/sha256.ts";
import { assertSize } from "../tree/hash-tree.ts";
import { assertNoteCharacters } from "./parse-note.ts";
import type { VerifierKey } from "./verifier-key.ts";
import { type VerifiedSignature, type VerifyEd25519, pureVerifyEd25519, verifyNote } from "./verify-note.ts";

/** What a log says of itself at one moment: `size` leaves with this RFC 6962 `root` (32 bytes). */
export type Checkpoint = { origin: string; size: number; root: Uint8Array };

/** Note text of a checkpoint (C2SP tlog-checkpoint), without extension lines: nobody could audit them. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint;
  assertSize(size, "size");
  assertHash(root, "the root");
  assertNoteCharacters(origin);
  if (origin === "" || origin.includes("\n"))
    throw new CoreError("checkpoint-malformed", "the origin is one non-empty line");
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Reads a checkpoint's note text; extension lines are kept aside. `checkpoint-malformed`, `base64-malformed`, `size-invalid`. */
export function parseCheckpoint(text: string): Checkpoint & { extensions: readonly string[] } {
  const lines = text.split("\n");
  const [origin, size, root, ...rest] = lines;
  const extensions = rest.slice(0, -1);
  if (origin === undefined || size === undefined || root === undefined || rest.at(-1) !== "") {
    throw new CoreError("checkpoint-malformed", "a checkpoint has an origin, a size and a root line");
  }
  if (origin === "" || extensions.includes(""))
    throw new CoreError("checkpoint-malformed", "a checkpoint has no empty line");
  if (!/^(?:0|[1-9][0-9]*)$/.test(size)) throw new CoreError("checkpoint-malformed", "the size is not a plain decimal");
  assertSize(Number(size), "size");
  const hash = fromBase64(root);
  if (hash.length !== HASH_LENGTH) throw new CoreError("checkpoint-malformed", "the root has not 32 bytes");
  return { origin, size: Number(size), root: hash, extensions };
}

/** Whom the person who checks believes: the log's own keys, and how many of which witnesses must have co-signed. */
export type LogPolicy = {
  origin: string;
  logKeys: readonly VerifierKey[];
  witnessKeys?: readonly VerifierKey[];
  witnessesRequired?: number;
};

export type VerifiedCheckpoint = Checkpoint & {
  log: readonly VerifiedSignature[];
  witnesses: readonly VerifiedSignature[];
};

/**
 * Checks a signed checkpoint against a policy. Refusals beyond those of `verifyNote`: `checkpoint-origin-mismatch` (another
 * log), `checkpoint-log-unsigned` (no log key signed), `checkpoint-witnesses-missing` (fewer than required).
 */
export function verifyCheckpoint(
  note: string | Uint8Array,
  policy: LogPolicy,
  verifyEd25519: VerifyEd25519 = pureVerifyEd25519,
): VerifiedCheckpoint {
  const witnessKeys = policy.witnessKeys ?? [];
  const { text, verified } = verifyNote(note, [...policy.logKeys, ...witnessKeys], verifyEd25519);
  const { origin, size, root } = parseCheckpoint(text);
  if (origin !== policy.origin)
    throw new CoreError("checkpoint-origin-mismatch", `the checkpoint is of the log ${origin}`);
  const isLog = (found: VerifiedSignature): boolean => policy.logKeys.some((key) => sameKey(key, found.key));
  const log = verified.filter(isLog);
  const witnesses = verified.filter((found) => !isLog(found));
  if (log.length === 0) throw new CoreError("checkpoint-log-unsigned", "the log itself did not sign the checkpoint");
  const required = policy.witnessesRequired ?? 0;
  // Cosignatures do not commit to the witness's name: one key under two names is still one witness.
  const distinct = new Set(witnesses.map((found) => toBase64(found.key.publicKey))).size;
  if (distinct < required) {
    throw new CoreError("checkpoint-witnesses-missing", `${distinct} of ${required} required witnesses co-signed`);
  }
  return { origin, size, root, log, witnesses };
}

const sameKey = (a: VerifierKey, b: VerifierKey): boolean =>
  a.name === b.name && a.type === b.type && equalBytes(a.publicKey, b.publicKey);

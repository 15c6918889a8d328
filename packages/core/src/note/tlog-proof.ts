import { fromBase64, toBase64 } from "../bytes/encode-bytes.ts";
import { CoreError } from "../error.ts";
import { HASH_LENGTH, type Sha256, assertHash, pureSha256 } from "../hash/sha256.ts";
import { assertSize } from "../tree/hash-tree.ts";
import { verifyInclusion } from "../tree/verify-inclusion.ts";
import { type LogPolicy, type VerifiedCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { parseNote } from "./parse-note.ts";
import { type VerifyEd25519, pureVerifyEd25519 } from "./verify-note.ts";

/** A C2SP tlog-proof taken apart. `extra` is not authenticated by anything; `checkpoint` is the signed note, verbatim. */
export type TlogProof = { index: number; proof: readonly Uint8Array[]; checkpoint: string; extra?: Uint8Array };

const HEADER = "c2sp.org/tlog-proof@v1";
// A tree has at most 2^53 leaves here, so no audit path is longer.
const MAX_PROOF = 53;

/** Text of a proof that verifies offline (C2SP tlog-proof). */
export function formatTlogProof(proof: TlogProof): string {
  assertSize(proof.index, "index");
  parseNote(proof.checkpoint);
  for (const hash of proof.proof) assertHash(hash, "a proof hash");
  const extra = proof.extra === undefined ? [] : [`extra ${toBase64(proof.extra)}`];
  const lines = [HEADER, ...extra, `index ${proof.index}`, ...proof.proof.map(toBase64)];
  return `${lines.join("\n")}\n\n${proof.checkpoint}`;
}

/** Reads a tlog-proof; verifies nothing. `tlog-proof-malformed`, `base64-malformed`, and the refusals of `parseNote`. */
export function parseTlogProof(text: string): TlogProof {
  const split = text.indexOf("\n\n");
  const [header, ...lines] = text.slice(0, Math.max(split, 0)).split("\n");
  if (header !== HEADER) throw new CoreError("tlog-proof-malformed", `the first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith("extra ") === true ? fromBase64(lines.shift()?.slice(6) ?? "") : undefined;
  const [, digits] = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? "") ?? [];
  const index = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(index))
    throw new CoreError("tlog-proof-malformed", "the index line is missing or malformed");
  if (lines.length > MAX_PROOF) throw new CoreError("tlog-proof-malformed", "no tree is so high");
  const proof = lines.map((line) => fromBase64(line));
  if (proof.some((hash) => hash.length !== HASH_LENGTH))
    throw new CoreError("tlog-proof-malformed", "a hash has not 32 bytes");
  const checkpoint = text.slice(split + 2);
  parseNote(checkpoint);
  return extra === undefined ? { index, proof, checkpoint } : { index, proof, checkpoint, extra };
}

/** Checks that `leafHash` is in the log that `policy` describes, by a tlog-proof (text or parsed). Throws what fails first. */
export function verifyTlogProof(
  source: string | TlogProof,
  claim: { leafHash: Uint8Array; policy: LogPolicy },
  crypto: { sha256?: Sha256; verifyEd25519?: VerifyEd25519 } = {},
): VerifiedCheckpoint & { index: number } {
  const { index, proof, checkpoint } = typeof source === "string" ? parseTlogProof(source) : source;
  const verified = verifyCheckpoint(checkpoint, claim.policy, crypto.verifyEd25519 ?? pureVerifyEd25519);
  verifyInclusion(
    { leafHash: claim.leafHash, index, size: verified.size, proof, root: verified.root },
    crypto.sha256 ?? pureSha256,
  );
  return { ...verified, index };
}

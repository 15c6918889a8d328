export { CoreError, type CoreErrorCode } from "./error.ts";
export {
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  toUtf8,
} from "./bytes/encode-bytes.ts";

export {
  HASH_LENGTH,
  type Sha256,
  type Sha256Stream,
  type StartSha256,
  pureSha256,
  startPureSha256,
} from "./hash/sha256.ts";
export { hmacSha256 } from "./hash/hmac-sha256.ts";

export { emptyRoot, hashLeaf, hashNode } from "./tree/hash-tree.ts";
export { type InclusionClaim, rootFromInclusion, verifyInclusion } from "./tree/verify-inclusion.ts";
export { type ConsistencyClaim, verifyConsistency } from "./tree/verify-consistency.ts";
export {
  type Frontier,
  type FrontierState,
  type NodeId,
  type TreeNode,
  createFrontier,
  frontierNodes,
} from "./tree/frontier.ts";
export {
  type ProofPlan,
  type ReadNode,
  type ReadNodeAsync,
  buildConsistencyProof,
  buildConsistencyProofAsync,
  buildInclusionProof,
  buildInclusionProofAsync,
  buildRoot,
  buildRootAsync,
  planConsistency,
  planInclusion,
} from "./tree/build-proof.ts";
export {
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileId,
  entryBundlePath,
  hashFromTile,
  parseTilePath,
  readNodesFromTiles,
  tileForNode,
  tileLevelWidth,
  tilePath,
  tilesForGrowth,
} from "./tree/tile.ts";
export { encodeEntryBundle, parseEntryBundle } from "./tree/entry-bundle.ts";
export { CHUNK_LENGTH, type ChunkRootBuilder, chunkRoot, createChunkRoot } from "./tree/chunk-root.ts";
export { fragmentRoot, hashFragmentLeaf } from "./tree/fragment-root.ts";

export type { JsonObject, JsonValue } from "./json/json-value.ts";
export { type CanonicalOptions, canonicalBytes, canonicalJson } from "./json/canonical-json.ts";
export { type StrictJsonOptions, parseStrictJson } from "./json/strict-json.ts";

export {
  SIGNATURE_COSIGNATURE,
  SIGNATURE_ED25519,
  type SignatureType,
  type VerifierKey,
  encodeVkey,
  keyFingerprint,
  makeVerifierKey,
  parseVkey,
} from "./note/verifier-key.ts";
export { type Note, type NoteSignature, parseNote, parseSignatureLine } from "./note/parse-note.ts";
export {
  type VerifiedNote,
  type VerifiedSignature,
  type VerifyEd25519,
  cosignedMessage,
  pureVerifyEd25519,
  verifyNote,
} from "./note/verify-note.ts";
export { type NoteSigner, appendSignatures, cosignNote, makeEd25519Signer, signNote } from "./note/sign-note.ts";
export {
  type Checkpoint,
  type LogPolicy,
  type VerifiedCheckpoint,
  formatCheckpoint,
  parseCheckpoint,
  verifyCheckpoint,
} from "./note/checkpoint.ts";
export { type TlogProof, formatTlogProof, parseTlogProof, verifyTlogProof } from "./note/tlog-proof.ts";

export {
  ACTOR_KINDS,
  type ActorKind,
  type CustodyEvent,
  SUBJECT_KINDS,
  type SubjectKind,
  TIME_SOURCES,
  type TimeSource,
} from "./custody/custody-event.ts";
export { parseEvent, verifyEvent } from "./custody/verify-event.ts";
export {
  COMMITMENT_LENGTH,
  SALT_LENGTH,
  commitEvent,
  custodyLeaf,
  hashCustodyLeaf,
  verifyCommitment,
} from "./custody/commit-event.ts";
export { type HistoryEntry, verifyHistory } from "./custody/verify-history.ts";

export {
  SEALED_CHUNK_LENGTH,
  SEAL_CHUNK_LENGTH,
  SEAL_HEADER_LENGTH,
  SEAL_KEY_LENGTH,
  SEAL_SALT_LENGTH,
  SEAL_TAG_LENGTH,
  type SealedRange,
  sealChunkCount,
  sealedLength,
  sealedRange,
  unsealedLength,
} from "./seal/seal-format.ts";
export { type SealCipher, type SealCrypto, pureSealCrypto } from "./seal/seal-crypto.ts";
export { sealContext } from "./seal/derive-message-key.ts";
export { type SealOptions, type Sealer, createSealer, seal } from "./seal/sealer.ts";
export { type OpenOptions, type Opener, createOpener } from "./seal/opener.ts";
export { type Unsealer, createUnsealer, unseal } from "./seal/unsealer.ts";
export * from "./fmp4/index.ts";
export * from "./position/index.ts";
export * from "./mp4/index.ts";
export { csvCell } from "./csv/csv-cell.ts";

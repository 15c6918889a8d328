/** Every refusal of this package, closed: adding a refusal means adding its code here. */
export type CoreErrorCode =
  // bytes and encodings
  | "hash-length"
  | "base64-malformed"
  | "hex-malformed"
  | "utf8-malformed"
  // trees
  | "size-invalid"
  | "size-zero"
  | "size-order"
  | "index-invalid"
  | "index-out-of-range"
  | "proof-too-short"
  | "proof-too-long"
  | "proof-root-mismatch"
  | "proof-old-root-mismatch"
  | "proof-new-root-mismatch"
  | "proof-roots-differ"
  | "frontier-malformed"
  | "node-missing"
  | "builder-finished"
  // tiles
  | "tile-path-malformed"
  | "tile-malformed"
  | "tile-out-of-range"
  | "entry-bundle-malformed"
  | "entry-too-long"
  // JSON
  | "json-malformed"
  | "json-duplicate-key"
  | "json-lone-surrogate"
  | "json-number-unsafe"
  | "json-number-not-finite"
  | "json-number-not-integer"
  | "json-type-unsupported"
  | "json-too-deep"
  // notes, keys, checkpoints
  | "note-malformed"
  | "note-control-character"
  | "note-too-long"
  | "note-no-signature"
  | "note-too-many-signatures"
  | "note-signature-malformed"
  | "note-signature-invalid"
  | "note-untrusted"
  | "key-name-invalid"
  | "key-malformed"
  | "key-id-mismatch"
  | "key-type-unsupported"
  | "key-ambiguous"
  | "signer-mismatch"
  | "checkpoint-malformed"
  | "checkpoint-origin-mismatch"
  | "checkpoint-log-unsigned"
  | "checkpoint-witnesses-missing"
  | "tlog-proof-malformed"
  // custody
  | "event-malformed"
  | "event-field-unknown"
  | "event-field-missing"
  | "event-version"
  | "event-kind"
  | "event-subject"
  | "event-n"
  | "event-prev"
  | "event-actor"
  | "event-at"
  | "event-time"
  | "event-reason"
  | "event-hashes"
  | "event-software"
  | "event-details"
  | "event-not-canonical"
  | "event-uncommitted"
  | "salt-length"
  | "commitment-length"
  | "history-empty"
  | "history-hole"
  | "history-prev-mismatch"
  | "history-subject-mismatch"
  | "history-order"
  // sealing and key wrapping
  | "seal-key-length"
  | "seal-salt-length"
  | "seal-too-long"
  | "seal-finished"
  | "seal-range-invalid"
  | "seal-chunk-length"
  | "seal-truncated"
  | "seal-extended"
  | "seal-wrong-key-or-context"
  | "seal-tampered"
  | "seal-chunk-moved"
  | "seal-tail-invalid"
  | "wrap-malformed"
  | "wrap-refused";

/** The one error class of this package; match on `code`, never on the message. */
export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

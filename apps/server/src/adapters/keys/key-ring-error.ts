export type KeyRingErrorCode =
  /** The key file, or a folder above it that is ours, can be read by others. */
  | "key-file-mode"
  /** The file does not hold a key in the form that Sworn writes. */
  | "key-file-malformed"
  /** There is a log key but not the master key that it is wrapped with. */
  | "master-key-missing"
  /** There is a master key but no log key; making a new one would start another log. */
  | "log-key-missing"
  /** Wrapped under a master key that is not this one. */
  | "other-master-key"
  /** The wrapped bytes were altered or belong to another context. */
  | "wrap-refused"
  /** Restoring would overwrite keys that are there. */
  | "keys-exist"
  /** The text is not a recovery sheet of this version. */
  | "sheet-malformed"
  /** One line was mistyped; `line` says which. */
  | "sheet-line"
  /** Every line is well typed, but they do not belong together or to this origin. */
  | "sheet-checksum";

export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
  readonly code: KeyRingErrorCode;
  constructor(code: KeyRingErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

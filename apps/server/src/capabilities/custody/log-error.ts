/**
 * Why the log refuses to go on. All but `append-conflict` stop the sequencer until a person has looked:
 * signing on would bury the damage under good signatures.
 */
export type LogErrorCode =
  | "append-conflict"
  | "frontier-mismatch"
  | "leaves-mismatch"
  | "checkpoint-invalid"
  | "key-mismatch"
  | "public-copy-ahead"
  | "public-copy-forked"
  | "node-missing";

export class LogError extends Error {
  override readonly name = "LogError";
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

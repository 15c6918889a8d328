export type DataHomeErrorCode =
  /** Another process holds the data home; `holder` says which, as far as it is known. */
  | "data-home-held"
  /** The folder exists, holds other things and was never a data home: its modes are not ours to change. */
  | "not-a-data-home"
  /** This operating-system user may not create or read the folder. */
  | "data-home-denied"
  /** flock(1) of util-linux (or busybox) is not installed. */
  | "lock-tool-missing";

export class DataHomeError extends Error {
  override readonly name = "DataHomeError";
  readonly code: DataHomeErrorCode;
  readonly holder: LockHolder | null;

  constructor(code: DataHomeErrorCode, message: string, holder: LockHolder | null = null) {
    super(message);
    this.code = code;
    this.holder = holder;
  }
}

/** What a holder wrote about itself: for people to read, never for deciding whether the lock is held. */
export interface LockHolder {
  readonly pid: number;
  readonly purpose: string;
  /** ISO 8601, UTC */
  readonly since: string;
}

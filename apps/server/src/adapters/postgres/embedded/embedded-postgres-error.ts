export type EmbeddedPostgresErrorCode =
  /** The npm package with PostgreSQL's programs is not installed or not complete. */
  | "binaries-missing"
  /** Another process runs the database of this data home. */
  | "already-running"
  /** As root: the system user that the database runs as is not there and cannot be created. */
  | "system-user"
  /** The operating-system user has no name; PostgreSQL insists on one. */
  | "no-user-name"
  /** The system user cannot get through to the data home: a folder above it is closed. */
  | "unreachable"
  /** The database belongs to another operating-system user. */
  | "data-owner"
  /** The database was made by another major version. */
  | "data-version"
  /** No socket directory with a path short enough and safe from others. */
  | "socket-dir"
  /** A database left over from a killed server could not be stopped. */
  | "orphan-alive"
  | "init-failed"
  | "start-failed";

export class EmbeddedPostgresError extends Error {
  override readonly name = "EmbeddedPostgresError";
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

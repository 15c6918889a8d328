/** Every refusal of this adapter. `integer-too-large` and the migration codes mean: stop, a person must look. */
export type PostgresErrorCode =
  | "integer-too-large"
  | "migration-changed"
  | "migration-unknown"
  | "migration-failed"
  | "migrations-missing"
  | "role-too-powerful"
  | "owner-refused";

export class PostgresError extends Error {
  override readonly name = "PostgresError";
  readonly code: PostgresErrorCode;
  constructor(code: PostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
  }
}

/** SQLSTATE of an error from the database, wherever in the chain of causes it is; undefined for others. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code: unknown = "code" in at ? at.code : undefined;
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
}

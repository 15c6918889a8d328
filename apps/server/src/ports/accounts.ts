/** Sign-in: passwords, sessions, later passkeys and OIDC. It knows accounts, not agencies or roles. */
export interface Accounts {
  /** The account of the session cookie in these headers, or null. */
  signedIn(headers: Headers): Promise<{ accountId: string; email: string } | null>;
  /** Makes an account with a password (argon2id). Fails with `email-taken`. */
  create(account: { email: string; password: string; name: string }): Promise<{ accountId: string }>;
  /** Takes back an account that nobody has come to be: sessions and all. */
  remove(accountId: string): Promise<void>;
  /** Replaces the password; sessions stay as they are. Fails with `unavailable` where there is no such account. */
  setPassword(accountId: string, password: string): Promise<void>;
  /** Ends every session of the account at once. */
  endSessions(accountId: string): Promise<void>;
  /** Answers the sign-in library's own addresses below /api/auth. */
  handle(request: Request): Promise<Response>;
}

export class AccountError extends Error {
  readonly code: "email-taken" | "unavailable";
  constructor(code: AccountError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "AccountError";
    this.code = code;
  }
}

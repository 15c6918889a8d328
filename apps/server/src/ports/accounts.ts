/** Sign-in: passwords, sessions, later passkeys and OIDC. It knows accounts, not agencies or roles. */
export interface Accounts {
  /** The account and the session of the cookie in these headers, or null. */
  signedIn(headers: Headers): Promise<{ accountId: string; email: string; session: AccountSession } | null>;
  /** When somebody last did something in a session, and whether it is locked. What is left out stays. */
  noteSession(id: string, note: { seenAt?: Date; lockedAt?: Date | null }): Promise<void>;
  /** Sessions of the account that have not ended, the latest first. */
  sessions(accountId: string): Promise<AccountSession[]>;
  /** Whether this is the account's password. Takes as long for an account without one. */
  checkPassword(accountId: string, password: string): Promise<boolean>;
  /** Makes an account with a password (argon2id). Fails with `email-taken`. */
  create(account: { email: string; password: string; name: string }): Promise<{ accountId: string }>;
  /** Takes back an account that nobody has come to be: sessions and all. */
  remove(accountId: string): Promise<void>;
  /** Replaces the password; sessions stay as they are. Fails with `unavailable` where there is no such account. */
  setPassword(accountId: string, password: string): Promise<void>;
  /** Ends sessions of the account at once: every one, only this one, or all but this one. Answers how many. */
  endSessions(accountId: string, which?: { only: string } | { except: string }): Promise<number>;
  /** Answers the sign-in library's own addresses below /api/auth. */
  handle(request: Request): Promise<Response>;
}

export interface AccountSession {
  readonly id: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly lockedAt: Date | null;
  readonly ip: string;
  readonly userAgent: string;
}

export class AccountError extends Error {
  readonly code: "email-taken" | "unavailable";
  constructor(code: AccountError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "AccountError";
    this.code = code;
  }
}

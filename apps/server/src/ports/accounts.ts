/** Sign-in: passwords, sessions, second factors. It knows accounts, not agencies or roles. */
export interface Accounts {
  /** One try to sign in. The same answer, after the same work, for an account that does not exist. */
  enter(caller: Caller, credentials: { email: string; password: string }): Promise<Entry>;
  /** Ends the session of these cookies, if there is one. */
  leave(caller: Caller): Promise<Entry>;
  /** The account of an e-mail. */
  find(email: string): Promise<string | null>;
  /** The account and the session of the cookie in these headers, or null. */
  signedIn(
    headers: Headers,
  ): Promise<{ accountId: string; email: string; totp: boolean; session: AccountSession } | null>;
  /** What became of a session: last used, locked, a second factor proven, a notice accepted. What is left out stays. */
  noteSession(
    id: string,
    note: { seenAt?: Date; lockedAt?: Date | null; strong?: true; noticeVersion?: number },
  ): Promise<void>;
  /** The second half of a sign-in, by the cookie that the first half gave. `refused` also where that has expired. */
  enterSecond(caller: Caller, proof: Proof): Promise<Entry>;
  /** Whose sign-in waits for its second half, by that cookie. */
  waiting(caller: Caller): Promise<{ accountId: string; email: string } | null>;
  /** What the account can prove itself with beside its password. */
  factors(accountId: string): Promise<Factors>;
  /** The same of many, without the recovery codes; who has none is left out. */
  factorsOf(accountIds: readonly string[]): Promise<Map<string, { totp: boolean; passkeys: number }>>;
  /** A new secret for codes and new recovery codes, in no use before `confirmTotp`. Null: not their password. */
  beginTotp(caller: Caller, password: string): Promise<{ uri: string; recoveryCodes: string[] } | null>;
  /** Codes are in use from here on; the session is replaced by a new one. */
  confirmTotp(caller: Caller, code: string): Promise<Entry>;
  /** New recovery codes in place of the old ones. Null: not their password, or codes are not in use. */
  renewRecoveryCodes(caller: Caller, password: string): Promise<string[] | null>;
  /** What to ask a browser for to make a passkey for the account of this session. */
  beginPasskey(caller: Caller): Promise<Asked>;
  /** Keeps the passkey that the browser made; only one that verified its user. Null: refused. */
  addPasskey(caller: Caller, name: string, response: object): Promise<string | null>;
  passkeys(accountId: string): Promise<readonly { id: string; name: string; createdAt: Date }[]>;
  /** False: the account has no such passkey. */
  renamePasskey(accountId: string, id: string, name: string): Promise<boolean>;
  removePasskey(accountId: string, id: string): Promise<boolean>;
  /** What to ask a browser for to sign in with a passkey; within a session, with one of its account. */
  beginPasskeyEntry(caller: Caller): Promise<Asked>;
  /** Signs in with a passkey that verified its user: possession and more, so both factors. */
  enterByPasskey(caller: Caller, response: object): Promise<Entry>;
  /** Keeps something for whoever comes with this key, until then; it is given once. */
  keepAside(key: string, value: string, until: Date): Promise<void>;
  takeAside(key: string): Promise<string | null>;
  /** The account of somebody who proved themselves at an identity provider before. */
  linked(of: ProviderSubject): Promise<string | null>;
  /** From here on this subject is this account's. False: the subject, or the account there, is another's already. */
  link(accountId: string, to: ProviderSubject): Promise<boolean>;
  unlink(accountId: string, issuer: string): Promise<void>;
  /** Begins a session for an account whose proof was judged by us. */
  enterLinked(caller: Caller, accountId: string): Promise<Entry>;
  /** Proves a second factor within a session. */
  prove(caller: Caller, proof: Proof): Promise<Entry>;
  /** Takes away what proves a second factor: codes, or everything, with who they are at an identity provider. */
  removeFactors(accountId: string, which: "totp" | "all"): Promise<void>;
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

/** Somebody, as an identity provider names them. */
export interface ProviderSubject {
  readonly issuer: string;
  readonly subject: string;
}

/** Who is at the door, as our own socket saw them. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly ip: string;
}

/** What became of a step. `refused`: wrong; `limited`: too many from one address; `forged`: not from our page. */
export interface Entry {
  readonly outcome: "entered" | "left" | "second-factor" | "refused" | "limited" | "forged";
  /** `set-cookie` lines for the browser. */
  readonly cookies: readonly string[];
  /** The session that began; where none did, null. */
  readonly session: { readonly id: string; readonly accountId: string } | null;
}

/** A code of the authenticator app, or one of the recovery codes. */
export type Proof = { readonly code: string } | { readonly recoveryCode: string };

/** Options for the browser, and cookies that hold what was asked; null options: too many asked from one address. */
export interface Asked {
  readonly options: Record<string, unknown> | null;
  readonly cookies: readonly string[];
}

export interface Factors {
  readonly totp: boolean;
  readonly recoveryCodesLeft: number;
  readonly passkeys: number;
}

export interface AccountSession {
  readonly id: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly lockedAt: Date | null;
  /** A second factor was proven in it. */
  readonly strong: boolean;
  /** Which version of the agency's notice was accepted in it; null: none. */
  readonly noticeVersion: number | null;
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

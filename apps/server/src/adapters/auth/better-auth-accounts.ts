import { betterAuth, type BetterAuthOptions } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { Pool, type PoolConfig } from "pg";
import { AccountError, type Accounts, type AccountSession } from "../../ports/accounts.ts";
import type { Log } from "../../ports/log.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

export interface AccountOptions {
  /** The `sworn_auth` login: it owns what is in schema auth and sees nothing else. */
  readonly connection: PoolConfig;
  /** 32 bytes that sign the session cookie. */
  readonly secret: Uint8Array;
  readonly publicUrl: () => string;
  readonly ownOrigins: () => readonly string[];
  readonly log: Log;
}

/** Set by us from the socket; whatever a client sends under this name is thrown away first. */
const CLIENT_IP = "x-sworn-client-ip";

/**
 * Accounts on better-auth: passwords as argon2id, sessions in the database (no cookie cache: it has let a
 * half-finished second factor through), tries limited per address and per /64 in the database.
 */
export async function openAccounts(options: AccountOptions): Promise<Accounts & { close(): Promise<void> }> {
  const pool = new Pool({ ...options.connection, max: 5, options: "-c search_path=auth" });
  let closing = false;
  // The pool's idle connections may lose their database; without a listener that would end the process.
  pool.on("error", (err) => {
    if (!closing) options.log.warn({ err }, "a sign-in database connection was lost");
  });
  const config = {
    appName: "Sworn",
    baseURL: options.publicUrl(),
    basePath: "/api/auth",
    secret: Buffer.from(options.secret).toString("hex"),
    database: pool,
    telemetry: { enabled: false },
    trustedOrigins: () => [...options.ownOrigins()],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true, // people are invited or made by an admin, never by themselves
      minPasswordLength: 12,
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    session: {
      expiresIn: 12 * 3600,
      updateAge: 900,
      cookieCache: { enabled: false },
      additionalFields: {
        seenAt: { type: "date", required: false, input: false },
        lockedAt: { type: "date", required: false, input: false },
      },
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 120,
      customRules: { "/sign-in/email": { window: 60, max: 5 }, "/get-session": false },
    },
    advanced: {
      cookiePrefix: "sworn",
      ipAddress: { ipAddressHeaders: [CLIENT_IP], ipv6Subnet: 64 },
      defaultCookieAttributes: { sameSite: "strict", httpOnly: true },
    },
    logger: { disabled: true },
  } satisfies BetterAuthOptions;
  const { runMigrations } = await getMigrations(config);
  await runMigrations();
  const auth = betterAuth(config);

  return {
    async signedIn(headers) {
      const found = await auth.api.getSession({ headers });
      return found === null
        ? null
        : { accountId: found.user.id, email: found.user.email, session: describe(found.session) };
    },
    async noteSession(id, { seenAt, lockedAt }) {
      await pool.query(
        `update session set "seenAt" = coalesce($2, "seenAt"), "lockedAt" = case when $3 then $4 else "lockedAt" end where id = $1`,
        [id, seenAt ?? null, lockedAt !== undefined, lockedAt ?? null],
      );
    },
    async sessions(accountId) {
      const { rows } = await pool.query<SessionRow>(
        `select * from session where "userId" = $1 and "expiresAt" > now() order by "createdAt" desc limit 500`,
        [accountId],
      );
      return rows.map(describe);
    },
    async checkPassword(accountId, password) {
      const { internalAdapter } = await auth.$context;
      const held = await internalAdapter.findAccounts(accountId);
      const hashed = held.find(({ providerId }) => providerId === "credential")?.password;
      if (typeof hashed === "string") return await verifyPassword({ hash: hashed, password });
      await hashPassword(password);
      return false;
    },
    async create({ email, password, name }) {
      const context = await auth.$context;
      const taken = await context.internalAdapter.findUserByEmail(email.toLowerCase());
      if (taken !== null) throw new AccountError("email-taken", `There is already an account for ${email}.`);
      const user = await context.internalAdapter.createUser(
        { email: email.toLowerCase(), name, emailVerified: true },
        { method: "admin" },
      );
      const hashed = await hashPassword(password);
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        password: hashed,
      });
      return { accountId: user.id };
    },
    async remove(accountId) {
      await (await auth.$context).internalAdapter.deleteUser(accountId);
    },
    async setPassword(accountId, password) {
      const { internalAdapter } = await auth.$context;
      const held = await internalAdapter.findAccounts(accountId);
      if (!held.some(({ providerId }) => providerId === "credential"))
        throw new AccountError("unavailable", "This account signs in without a password.");
      await internalAdapter.updatePassword(accountId, await hashPassword(password));
    },
    async endSessions(accountId, which) {
      const [only, except] = [
        which !== undefined && "only" in which ? which.only : null,
        which !== undefined && "except" in which ? which.except : null,
      ];
      const ended = await pool.query(
        `delete from session where "userId" = $1 and ($2::text is null or id = $2) and ($3::text is null or id <> $3)`,
        [accountId, only, except],
      );
      return ended.rowCount ?? 0;
    },
    handle: (request) => auth.handler(request),
    close: () => {
      closing = true;
      return pool.end();
    },
  };
}

interface SessionRow {
  id: string;
  createdAt: Date;
  seenAt?: Date | null | undefined;
  lockedAt?: Date | null | undefined;
  ipAddress?: string | null | undefined;
  userAgent?: string | null | undefined;
}

function describe(row: SessionRow): AccountSession {
  return {
    id: row.id,
    startedAt: row.createdAt,
    seenAt: row.seenAt ?? row.createdAt,
    lockedAt: row.lockedAt ?? null,
    ip: row.ipAddress ?? "",
    userAgent: row.userAgent ?? "",
  };
}

/** Gives the sign-in library the address that our own socket saw. */
export function withClientIp(headers: Headers, ip: string): Headers {
  const copy = new Headers(headers);
  copy.delete("x-forwarded-for");
  copy.set(CLIENT_IP, ip);
  return copy;
}

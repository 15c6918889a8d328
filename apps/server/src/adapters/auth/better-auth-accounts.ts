import { AccountError, type Accounts, type AccountSession } from "../../ports/accounts.ts";
import { askLibrary, readEntry } from "./at-the-door.ts";
import { type AccountOptions, openAuth } from "./open-auth.ts";
import { passkeys } from "./passkeys.ts";
import { providerLinks } from "./provider-links.ts";
import { secondFactors } from "./second-factors.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** Accounts on better-auth. */
export async function openAccounts(options: AccountOptions): Promise<Accounts & { close(): Promise<void> }> {
  const library = await openAuth(options);
  const { auth, pool, close } = library;

  return {
    ...secondFactors(library, options),
    ...passkeys(library, options),
    ...providerLinks(library),
    async enter(caller, { email, password }) {
      return await readEntry(
        library,
        await askLibrary(library, options, caller, "POST", "/sign-in/email", { email, password }),
      );
    },
    async leave(caller) {
      return await readEntry(library, await askLibrary(library, options, caller, "POST", "/sign-out", {}));
    },
    async find(email) {
      const user = await (await auth.$context).internalAdapter.findUserByEmail(email.trim().toLowerCase());
      return user?.user.id ?? null;
    },
    async signedIn(headers) {
      const found = await auth.api.getSession({ headers });
      return found === null
        ? null
        : {
            accountId: found.user.id,
            email: found.user.email,
            totp: found.user.twoFactorEnabled === true,
            session: describe(found.session),
          };
    },
    async noteSession(id, { seenAt, lockedAt, strong, noticeVersion }) {
      await pool.query(
        `update session set "seenAt" = coalesce($2, "seenAt"), "lockedAt" = case when $3 then $4 else "lockedAt" end,
           strong = coalesce($5, strong), "noticeVersion" = coalesce($6, "noticeVersion") where id = $1`,
        [id, seenAt ?? null, lockedAt !== undefined, lockedAt ?? null, strong ?? null, noticeVersion ?? null],
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
    close,
  };
}

interface SessionRow {
  id: string;
  createdAt: Date;
  seenAt?: Date | null | undefined;
  lockedAt?: Date | null | undefined;
  strong?: boolean | null | undefined;
  noticeVersion?: number | null | undefined;
  ipAddress?: string | null | undefined;
  userAgent?: string | null | undefined;
}

function describe(row: SessionRow): AccountSession {
  return {
    id: row.id,
    startedAt: row.createdAt,
    seenAt: row.seenAt ?? row.createdAt,
    lockedAt: row.lockedAt ?? null,
    strong: row.strong === true,
    noticeVersion: row.noticeVersion ?? null,
    ip: row.ipAddress ?? "",
    userAgent: row.userAgent ?? "",
  };
}

import { passkey } from "@better-auth/passkey";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { twoFactor } from "better-auth/plugins/two-factor";
import { Pool, type PoolConfig } from "pg";
import type { Log } from "../../ports/log.ts";
import { openSession } from "./open-session.ts";
import { whoWaits } from "./who-waits.ts";
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
export const CLIENT_IP = "x-sworn-client-ip";

/**
 * The sign-in library: passwords as argon2id, sessions in the database (no cookie cache: it has let a half-finished
 * second factor through), tries limited per address and per /64 in the database.
 */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the library's own type, made of its plugins
export async function openAuth(options: AccountOptions) {
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
        strong: { type: "boolean", required: false, input: false },
        noticeVersion: { type: "number", required: false, input: false },
      },
    },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 120,
      customRules: {
        "/sign-in/email": { window: 60, max: 5 },
        "/two-factor/*": { window: 60, max: 20 },
        "/get-session": false,
      },
    },
    advanced: {
      cookiePrefix: "sworn",
      ipAddress: { ipAddressHeaders: [CLIENT_IP], ipv6Subnet: 64 },
      defaultCookieAttributes: { sameSite: "strict", httpOnly: true },
    },
    logger: { disabled: true },
    plugins: [
      // Tries are counted per account by us, whatever they were at; the library's own count stands behind that.
      twoFactor({ issuer: "Sworn", backupCodeOptions: { amount: 10, length: 12, storeBackupCodes: "encrypted" } }),
      // A passkey stands for both factors, so it must have asked who uses it: what the library only prefers.
      passkey({
        rpName: "Sworn",
        rpID: new URL(options.publicUrl()).hostname,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        registration: {
          afterVerification: ({ verification }) => {
            refuseUnverified(verification.registrationInfo?.userVerified);
          },
        },
        authentication: {
          afterVerification: ({ verification }) => {
            refuseUnverified(verification.authenticationInfo.userVerified);
          },
        },
      }),
      whoWaits,
      openSession,
    ],
  } satisfies BetterAuthOptions;
  const { runMigrations } = await getMigrations(config);
  await runMigrations();
  const close = (): Promise<void> => {
    closing = true;
    return pool.end();
  };
  return { auth: betterAuth(config), pool, close };
}

function refuseUnverified(verified: boolean | undefined): void {
  if (verified !== true) throw new APIError("UNAUTHORIZED", { message: "the passkey did not ask who uses it" });
}

export type OpenAuth = Awaited<ReturnType<typeof openAuth>>;

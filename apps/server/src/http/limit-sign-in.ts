import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../ports/clock.ts";
import { TokenBuckets } from "../ports/token-buckets.ts";

/** One try to sign in, taken from its bucket before the password is looked at. */
export interface SignInTry {
  /** The library said the password is wrong: the try stays counted. Anything else gives it back. */
  end(status: number): void;
  /** For the answer of a try that succeeded: this browser is known from now on. Null when it was already. */
  cookie(secure: boolean): string | null;
}

export interface SignInLimit {
  /** `rate-limited` once there were too many wrong tries. `email` as it was typed. */
  begin(email: string, cookies: string | undefined): SignInTry;
}

const NAME = "sworn.known";
const YEAR_S = 365 * 24 * 3600;

/** Guessing from ever new addresses: 10 wrong passwords, then one each two minutes, whoever types them. */
export const accountTries = { burst: 10, perSecond: 1 / 120 } as const;

const DETAIL = "There were too many wrong passwords for this account. A browser that signed in before can still try.";

/**
 * Wrong passwords per account, beside the sign-in library's limit per address. So that strangers cannot lock its owner
 * out, a browser that has signed in to the account before has a bucket of its own (a cookie that says so, signed under
 * `secret`; it signs nobody in). Whether there is such an account plays no part, so the limit tells nothing about it.
 */
export function limitSignIn(secret: Uint8Array, clock: Pick<Clock, "monotonic">): SignInLimit {
  const buckets = new TokenBuckets(accountTries, clock);
  const sign = (account: string, browser: string): string =>
    createHmac("sha256", secret).update(`${account} ${browser}`).digest("base64url");

  function knownBrowser(account: string, cookies: string | undefined): string | null {
    const [, browser = "", signature = ""] =
      /(?:^|;\s*)sworn\.known=([\w-]{22})\.([\w-]{43})(?:;|$)/.exec(cookies ?? "") ?? [];
    if (browser === "") return null;
    return timingSafeEqual(Buffer.from(sign(account, browser)), Buffer.from(signature)) ? browser : null;
  }

  return {
    begin(email, cookies) {
      const account = createHash("sha256").update(email.trim().toLowerCase()).digest("base64url");
      const known = knownBrowser(account, cookies);
      const bucket = known === null ? account : `${account} ${known}`;
      buckets.take(bucket, DETAIL);
      return {
        end(status) {
          if (status !== 401) buckets.give(bucket);
        },
        cookie(secure) {
          if (known !== null) return null;
          const browser = randomBytes(16).toString("base64url");
          const value = `${browser}.${sign(account, browser)}`;
          const flags = `Path=/api/auth; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
          return `${NAME}=${value}; ${flags}`;
        },
      };
    },
  };
}

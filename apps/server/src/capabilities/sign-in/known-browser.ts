import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const NAME = "sworn.known";
const YEAR_S = 365 * 24 * 3600;

/**
 * A cookie that says this browser has signed in to the account before, signed under `secret`; it signs nobody in. Such
 * a browser has tries of its own, so that strangers who guess do not lock the owner out.
 */
export function knownBrowsers(secret: Uint8Array): {
  /** Which browser this is to the account; null for one that never signed in to it. */
  read(account: Uint8Array, cookies: string | undefined): string | null;
  /** The `set-cookie` line of a browser that is known from now on. */
  line(account: Uint8Array, secure: boolean): string;
} {
  const sign = (account: Uint8Array, browser: string): string =>
    createHmac("sha256", secret).update(account).update(` ${browser}`).digest("base64url");
  return {
    read(account, cookies) {
      const [, browser = "", signature = ""] =
        /(?:^|;\s*)sworn\.known=([\w-]{22})\.([\w-]{43})(?:;|$)/.exec(cookies ?? "") ?? [];
      if (browser === "") return null;
      return timingSafeEqual(Buffer.from(sign(account, browser)), Buffer.from(signature)) ? browser : null;
    },
    line(account, secure) {
      const browser = randomBytes(16).toString("base64url");
      const flags = `Path=/api; Max-Age=${YEAR_S}; HttpOnly; SameSite=Strict${secure ? "; Secure" : ""}`;
      return `${NAME}=${browser}.${sign(account, browser)}; ${flags}`;
    },
  };
}

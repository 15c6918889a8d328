import { route, type Route } from "../ports/http.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { SignInLimit, SignInTry } from "./limit-sign-in.ts";
import { readBody } from "./read-json.ts";

const MAX_BYTES = 8 * 1024;

/**
 * What of the sign-in library is reachable. Its other addresses (changing names and passwords, verifying a password
 * without the limit on tries, listing session tokens, an HTML error page) have no page here and no event in the log.
 */
const SIGN_IN = "/api/auth/sign-in/email";
const open = [
  [SIGN_IN, "Sign in with e-mail and password"],
  ["/api/auth/sign-out", "End this session"],
] as const;

/** The sign-in library's own addresses, given exactly what our socket saw and nothing a client claims about itself. */
export function authRoutes(
  accounts: Accounts,
  publicUrl: () => string,
  withClientIp: (headers: Headers, ip: string) => Headers,
  limit: SignInLimit,
): Route[] {
  return open.map(([path, summary]) =>
    route({
      method: "POST",
      path,
      access: { public: "signing in happens here; the library checks origin, tries and session itself" },
      summary,
      streamsBody: true,
      handle: async ({ raw, headers, ip }) => {
        const body = await readBody(raw, MAX_BYTES, 10_000);
        const plain = new Headers();
        for (const [name, value] of Object.entries(headers)) if (value !== undefined) plain.set(name, value);
        const url = new URL(path, publicUrl());
        const init = { method: "POST", headers: withClientIp(plain, ip), body: new Uint8Array(body) };
        const attempt = path === SIGN_IN ? beginTry(limit, body, headers["cookie"]) : null;
        let response: Response;
        try {
          response = await accounts.handle(new Request(url, init));
        } catch (error) {
          attempt?.end(500);
          throw error;
        }
        attempt?.end(response.status);
        const known = response.ok ? (attempt?.cookie(url.protocol === "https:") ?? null) : null;
        return {
          status: response.status,
          headers: { ...Object.fromEntries(response.headers), ...cookies(response, known) },
          body: new Uint8Array(await response.arrayBuffer()),
        };
      },
    }),
  );
}

/** Null for a body that names no account: the library refuses it before it looks at any password. */
function beginTry(limit: SignInLimit, body: Buffer, cookie: string | undefined): SignInTry | null {
  try {
    const { email } = JSON.parse(body.toString("utf8")) as { email?: unknown };
    return typeof email === "string" ? limit.begin(email, cookie) : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function cookies(response: Response, known: string | null): Record<string, string[]> {
  // Several cookies must stay several headers.
  const all = [...response.headers.getSetCookie(), ...(known === null ? [] : [known])];
  return all.length === 0 ? {} : { "set-cookie": all };
}

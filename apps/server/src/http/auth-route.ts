import { route, type Route } from "../ports/http.ts";
import type { Accounts } from "../ports/accounts.ts";
import { readBody } from "./read-json.ts";

const MAX_BYTES = 8 * 1024;

/**
 * What of the sign-in library is reachable. Its other addresses (changing names and passwords, verifying a password
 * without the limit on tries, listing session tokens, an HTML error page) have no page here and no event in the log.
 */
const open = [
  ["/api/auth/sign-in/email", "Sign in with e-mail and password"],
  ["/api/auth/sign-out", "End this session"],
] as const;

/** The sign-in library's own addresses, given exactly what our socket saw and nothing a client claims about itself. */
export function authRoutes(
  accounts: Accounts,
  publicUrl: () => string,
  withClientIp: (headers: Headers, ip: string) => Headers,
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
        const response = await accounts.handle(new Request(url, init));
        return {
          status: response.status,
          headers: { ...Object.fromEntries(response.headers), ...cookies(response) },
          body: new Uint8Array(await response.arrayBuffer()),
        };
      },
    }),
  );
}

function cookies(response: Response): Record<string, string[]> {
  // Several cookies must stay several headers.
  const all = response.headers.getSetCookie();
  return all.length === 0 ? {} : { "set-cookie": all };
}

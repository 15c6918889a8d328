import { route, type Route } from "../ports/http.ts";
import type { Accounts } from "../ports/accounts.ts";
import { readBody } from "./read-json.ts";

const MAX_BYTES = 64 * 1024;

/** The sign-in library's own addresses, given exactly what our socket saw and nothing a client claims about itself. */
export function authRoutes(
  accounts: Accounts,
  publicUrl: () => string,
  withClientIp: (headers: Headers, ip: string) => Headers,
): Route[] {
  return (["GET", "POST"] as const).map((method) =>
    route({
      method,
      path: "/api/auth/*",
      access: { public: "signing in happens here; the library checks origin, tries and session itself" },
      summary: "Sign in, sign out, session",
      streamsBody: true,
      handle: async ({ raw, headers, ip }) => {
        const body = method === "GET" ? null : await readBody(raw, MAX_BYTES, 10_000);
        const plain = new Headers();
        for (const [name, value] of Object.entries(headers)) if (value !== undefined) plain.set(name, value);
        const url = new URL(raw.url ?? "/", publicUrl());
        const init = { method, headers: withClientIp(plain, ip) };
        const response = await accounts.handle(
          new Request(url, body === null ? init : { ...init, body: new Uint8Array(body) }),
        );
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

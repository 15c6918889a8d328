import type { Caller, Entry } from "../../ports/accounts.ts";
import { CLIENT_IP, type AccountOptions, type OpenAuth } from "./open-auth.ts";

/** What the library needs to know of a request, and nothing a client claims about itself. */
const passed = ["cookie", "origin", "user-agent", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] as const;

/** Asks one of the library's own addresses, for somebody at the door. */
export async function askLibrary(
  { auth }: Pick<OpenAuth, "auth">,
  options: Pick<AccountOptions, "publicUrl">,
  caller: Caller,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<Response> {
  const headers = new Headers({ [CLIENT_IP]: caller.ip });
  for (const name of passed) {
    const value = caller.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  if (body !== undefined) headers.set("content-type", "application/json");
  const url = new URL(`/api/auth${path}`, options.publicUrl());
  return await auth.handler(
    new Request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
  );
}

/** The library's answer to a step of signing in. A session is looked up by its token, which goes no further than here. */
export async function readEntry({ pool }: Pick<OpenAuth, "pool">, response: Response): Promise<Entry> {
  const cookies = response.headers.getSetCookie();
  const none = { cookies, session: null };
  if (response.status === 429) return { ...none, outcome: "limited" };
  if (response.status === 403) return { ...none, outcome: "forged" };
  if (response.status >= 500) throw new Error(`the sign-in library answered ${response.status}`);
  if (!response.ok) return { ...none, outcome: "refused" };
  const answer = (await response.json()) as {
    token?: unknown;
    session?: { token?: unknown };
    twoFactorRedirect?: unknown;
  };
  if (answer.twoFactorRedirect === true) return { ...none, outcome: "second-factor" };
  const token = tokenOf(cookies) ?? answer.token ?? answer.session?.token;
  if (typeof token !== "string") return { ...none, outcome: "left" };
  const { rows } = await pool.query<{ id: string; userId: string }>(
    `select id, "userId" from session where token = $1`,
    [token],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the sign-in library names a session that is not there");
  return { cookies, outcome: "entered", session: { id: row.id, accountId: row.userId } };
}

/** Where a step replaces the session, its answer still names the old one: the cookie is what the browser will send. */
function tokenOf(cookies: readonly string[]): string | null {
  for (const line of cookies) {
    const [, value = ""] = /^(?:__Secure-)?sworn\.session_token=([^;]+)/.exec(line) ?? [];
    const signed = decodeURIComponent(value);
    if (signed.includes(".")) return signed.slice(0, signed.lastIndexOf("."));
  }
  return null;
}

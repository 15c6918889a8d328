import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Session } from "@sworn/contract";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import { route } from "../../ports/http.ts";
import { TokenBuckets } from "../../ports/token-buckets.ts";
import { createPerson, identify } from "../identity/index.ts";
import { signInRoutes } from "./index.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const password = "lanterns over the river";
const time = { later: 0 };
const clock = { now: () => systemClock.now() + time.later, monotonic: () => systemClock.monotonic() + time.later };
const custody = { clock, software: "test" };
let test: TestDatabase;
let accounts: Accounts & { close(): Promise<void> };
let server: FastifyInstance;
let url = "http://127.0.0.1:1";
let agencyId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  accounts = await openAccounts({
    connection: loginConfig(test.ownerConfig, "sworn_auth", test.loginSecret),
    secret: createHash("sha256").update("test").digest(),
    publicUrl: () => url,
    ownOrigins: () => [url],
    log,
  });
  agencyId = await test.agency("Elm County");
  const tries = new TokenBuckets({ burst: 5, perSecond: 1 / 120 }, clock);
  server = serveRoutes({
    routes: [
      ...signInRoutes({
        database,
        accounts,
        custody,
        clock,
        tries,
        log,
        publicUrl: () => url,
        notify: () => Promise.resolve(),
        provider: null,
        beginnings: new TokenBuckets({ burst: 5, perSecond: 1 }, clock),
        secret: createHash("sha256").update("tries").digest(),
      }),
      route({
        method: "GET",
        path: "/anything",
        access: { signedIn: true },
        summary: "What a page shows",
        handle: () => Promise.resolve({ body: { shown: true } }),
      }),
    ],
    identify: (request) => identify({ database, accounts, clock }, request),
    log,
    ownOrigins: () => [url],
    checkAnswers: true,
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await server.close();
  await accounts.close();
  await test.close();
});

let people = 0;
async function somebody(role: "officer" | "admin" = "officer"): Promise<{ id: string; email: string; cookie: string }> {
  const email = `p${(people += 1)}@elm.example`;
  const person = { name: "Ofc. Adair", email, roles: [role], password };
  const { personId } = await createPerson({ database: test.database, accounts, custody }, agencyId, null, person);
  return { id: personId, email, cookie: await signIn(email) };
}
let addresses = 0;
async function signIn(email: string, secret = password, cookie = "", agent = "Chrome"): Promise<string> {
  const headers = { "content-type": "application/json", origin: "http://127.0.0.1:1", cookie, "user-agent": agent };
  const ip = { "x-sworn-client-ip": `198.51.100.${(addresses += 1)}` };
  const body = JSON.stringify({ email, password: secret });
  const request = new Request("http://127.0.0.1:1/api/auth/sign-in/email", {
    method: "POST",
    headers: { ...headers, ...ip },
    body,
  });
  const set = (await accounts.handle(request)).headers.getSetCookie();
  return set.map((line) => line.split(";", 1)[0]).join("; ");
}
async function ask(
  cookie: string,
  method: string,
  path: string,
  body?: object,
  idle?: number,
): Promise<{ status: number; body: { code?: string; items?: Session[] } }> {
  const response = await fetch(url + path, {
    method,
    headers: {
      cookie,
      origin: url,
      "sec-fetch-site": "same-origin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(idle === undefined ? {} : { "x-sworn-idle": String(idle) }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as { code?: string } };
}
const code = async (...args: Parameters<typeof ask>): Promise<string | number> => {
  const { status, body } = await ask(...args);
  return body.code ?? status;
};
const MINUTE = 60_000;

it("locks a session that nobody used for half an hour, keeps it, and unlocks it with the password", async () => {
  const { cookie } = await somebody();
  expect(await code(cookie, "GET", "/anything", undefined, 0)).toBe(200);
  time.later = 29 * MINUTE;
  // What the page asks by itself is no sign of life, whoever sends it.
  expect(await code(cookie, "GET", "/anything")).toBe(200);
  expect(await code(cookie, "GET", "/anything", undefined, 29 * 60)).toBe(200);
  time.later = 31 * MINUTE;
  expect(await code(cookie, "GET", "/anything")).toBe("session-locked");
  // Once locked, saying that somebody is there opens nothing.
  expect(await code(cookie, "GET", "/anything", undefined, 0)).toBe("session-locked");
  expect(await code(cookie, "POST", "/api/v1/session/lock", { lock: true }, 0)).toBe("session-locked");
  const state = await ask(cookie, "GET", "/api/v1/session");
  expect(state).toMatchObject({ status: 200, body: { locked: true, name: "Ofc. Adair", idleMinutes: 30 } });
  expect(await code(cookie, "POST", "/api/v1/session/unlock", { password: "not the one I have" })).toBe(
    "password-wrong",
  );
  expect(await code(cookie, "POST", "/api/v1/session/unlock", { password })).toBe(204);
  expect(await code(cookie, "GET", "/anything")).toBe(200);
  // Whoever works is not locked out: here for three times the half hour.
  for (const minutes of [55, 80, 105, 130]) {
    time.later = minutes * MINUTE;
    expect(await code(cookie, "GET", "/anything", undefined, 3), `after ${minutes} minutes`).toBe(200);
  }
  time.later = 0;
});

it("locks at once when asked to, and counts wrong passwords at the lock, also a hundred at the same time", async () => {
  const { cookie } = await somebody();
  expect(await code(cookie, "POST", "/api/v1/session/lock", { lock: true })).toBe(204);
  expect(await code(cookie, "GET", "/anything", undefined, 0)).toBe("session-locked");
  const tries = await Promise.all(
    Array.from({ length: 12 }, () => code(cookie, "POST", "/api/v1/session/unlock", { password: "guess guess guess" })),
  );
  expect(tries.filter((each) => each === "password-wrong")).toHaveLength(5);
  expect(tries.filter((each) => each === "rate-limited")).toHaveLength(7);
  expect(await code(cookie, "POST", "/api/v1/session/unlock", { password })).toBe("rate-limited");
});

it("refuses to unlock from another site's page", async () => {
  const { cookie } = await somebody();
  const response = await fetch(`${url}/api/v1/session/unlock`, {
    method: "POST",
    headers: { cookie, origin: "https://elsewhere.example", "content-type": "application/json" },
    body: JSON.stringify({ password }),
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([403, "csrf-refused"]);
});

it("takes the agency's minutes, from 5 to 60, with an event", async () => {
  const admin = await somebody("admin");
  for (const idleMinutes of [4, 61, 7.5, "10"])
    expect(await code(admin.cookie, "PUT", "/api/v1/sign-in-policy", { idleMinutes })).toBe("request-malformed");
  const { cookie } = await somebody();
  expect(await code(cookie, "PUT", "/api/v1/sign-in-policy", { idleMinutes: 5 })).toBe("not-allowed");
  expect(await code(admin.cookie, "PUT", "/api/v1/sign-in-policy", { idleMinutes: 5 })).toBe(200);
  time.later = 6 * MINUTE;
  expect(await code(cookie, "GET", "/anything")).toBe("session-locked");
  time.later = 0;
  expect(await code(admin.cookie, "PUT", "/api/v1/sign-in-policy", { idleMinutes: 30 })).toBe(200);
  const { rows } = await (
    await test.owner()
  ).query<{ event: string }>(
    `select b.event from custody.entry e join custody.event_body b on b.entry_id = e.id
     where e.kind = 'sign-in.policy-changed' order by e.n`,
  );
  const details = rows.map(({ event }) => (JSON.parse(event) as { details: unknown }).details);
  expect(details).toEqual([
    { idleMinutes: 5, before: 30 },
    { idleMinutes: 30, before: 5 },
  ]);
});

it("lists one's own sessions and ends them, and nobody else's", async () => {
  const { id, email, cookie } = await somebody();
  const other = await signIn(email, password, "", "Firefox");
  const third = await signIn(email, password, "", "Safari");
  const list = async (): Promise<Session[]> => (await ask(cookie, "GET", "/api/v1/account/sessions")).body.items ?? [];
  const before = await list();
  expect(before.map(({ browser, current }) => [browser, current])).toEqual([
    ["Safari", false],
    ["Firefox", false],
    ["Chrome", true],
  ]);
  expect(new Set(before.map(({ ip }) => ip)).size).toBe(3);
  expect(JSON.stringify(before)).not.toContain(/session_token=([^.;]+)/.exec(cookie)?.[1] ?? "no cookie");

  const stranger = await somebody();
  const path = `/api/v1/account/sessions/${before[1]?.id ?? ""}`;
  expect(await code(stranger.cookie, "DELETE", path)).toBe("not-found");
  expect(await code(other, "GET", "/anything")).toBe(200);
  expect(await code(cookie, "DELETE", path)).toBe(204);
  expect([await code(other, "GET", "/anything"), await code(third, "GET", "/anything")]).toEqual([
    "not-signed-in",
    200,
  ]);
  expect(await code(cookie, "POST", "/api/v1/account/sessions/end-others")).toBe(204);
  expect([await code(third, "GET", "/anything"), (await list()).length]).toEqual(["not-signed-in", 1]);
  expect(await kinds(id)).toEqual(["person.created", "person.sessions-ended", "person.sessions-ended"]);
});

it("changes one's own password: the old one and every other session end, this one goes on", async () => {
  const { id, email, cookie } = await somebody();
  const other = await signIn(email);
  const next = "a kite above the harbour";
  const change = (current: string, to: string): Promise<string | number> =>
    code(cookie, "POST", "/api/v1/account/password", { current, next: to });
  expect(await change("not the one I have", next)).toBe("password-wrong");
  expect(await change(password, "Password2026!!")).toBe("password-weak");
  expect(await change(password, "short")).toBe("request-malformed");
  expect(await change(password, password)).toBe("password-weak");
  expect(await kinds(id)).toEqual(["person.created"]);
  expect(await change(password, next)).toBe(204);
  expect([await code(other, "GET", "/anything"), await code(cookie, "GET", "/anything")]).toEqual([
    "not-signed-in",
    200,
  ]);
  expect([await signIn(email), (await signIn(email, next)) === ""]).toEqual(["", false]);
  expect(await kinds(id)).toEqual(["person.created", "person.password-changed"]);
});

it("makes a new session with each sign-in, whatever cookie came with it", async () => {
  const { email, cookie } = await somebody();
  const again = await signIn(email, password, cookie);
  expect(again).not.toBe("");
  expect(again).not.toBe(cookie);
  const planted = "sworn.session_token=planted-by-somebody-else.c2lnbmF0dXJl";
  expect(await signIn(email, password, planted)).not.toContain("planted");
  expect(await code(planted, "GET", "/anything")).toBe("not-signed-in");
});

async function kinds(personId: string): Promise<string[]> {
  const owner = await test.owner();
  const { rows } = await owner.query<{ kind: string }>(
    "select kind from custody.entry where subject_id = $1 order by n",
    [personId],
  );
  return rows.map(({ kind }) => kind);
}

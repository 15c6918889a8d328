import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openProvider } from "../../adapters/oidc/open-provider.ts";
import { startTestProvider, type TestIdentity, type TestProvider } from "../../adapters/oidc/provider.testing.ts";
import { type Door, type DoorAnswer, type Jar, openDoor } from "./door.testing.ts";

// Against a real provider of OpenID Connect on this machine; the browser's part is taken by hand, so that it can cheat.

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const START = "/api/v1/sign-in/provider";
let provider: TestProvider;
let door: Door;
const said: string[] = [];
beforeAll(async () => {
  provider = await startTestProvider(() => `${door.url}${START}/callback`);
  const log = {
    info: () => undefined,
    warn: (...all: unknown[]) => void said.push(JSON.stringify(all)),
    error: () => undefined,
  };
  const known = openProvider(
    { issuer: provider.issuer, name: "Elm County", secondsToWait: 60, ...provider.client },
    log,
  );
  door = await openDoor(() => [], known);
});
afterAll(async () => {
  await door.close();
  await provider.close();
});

let subjects = 0;
const identity = (email: string, more: Partial<TestIdentity> = {}): TestIdentity => ({
  sub: `subject-${(subjects += 1)}`,
  email,
  verified: true,
  ...more,
});
const begin = (jar: Jar, to?: string): Promise<DoorAnswer> =>
  door.ask(jar, "POST", START, to === undefined ? {} : { to });
/** As far as the address that the provider sends the browser back to. */
async function there(jar: Jar, who: TestIdentity | null, to?: string): Promise<string> {
  const { status, body } = await begin(jar, to);
  expect(status).toBe(200);
  provider.next = who;
  return await provider.visit(String(body["url"]));
}
/** Coming from another site, a browser sends what is not strict alone. */
async function back(jar: Jar, url: string): Promise<string> {
  const lax = jar.get("sworn.provider");
  const response = await fetch(url, {
    redirect: "manual",
    headers: { "sec-fetch-site": "cross-site", ...(lax === undefined ? {} : { cookie: `sworn.provider=${lax}` }) },
  });
  expect(response.status).toBe(303);
  for (const line of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
  return response.headers.get("location") ?? "";
}
const enter = async (jar: Jar, who: TestIdentity | null, to?: string): Promise<string> =>
  await back(jar, await there(jar, who, to));
const refused = (reason: string, to = "/library"): string => `/sign-in?refused=${reason}&to=${encodeURIComponent(to)}`;
const opens = async (jar: Jar): Promise<string | number> => (await door.ask(jar, "GET", "/anything")).code;

it("says that it does not answer while it does not, at the start and on the way back", async () => {
  const { email } = await door.somebody();
  provider.down = true;
  expect(await begin(new Map())).toMatchObject({ status: 503, code: "provider-unavailable" });
  provider.down = false;
  const jar: Jar = new Map();
  const url = await there(jar, identity(email));
  provider.down = true;
  expect(await back(jar, url)).toBe(refused("unavailable"));
  provider.down = false;
  expect(await opens(jar)).toBe("not-signed-in");
});

it("links a person once by their verified e-mail, and afterwards their subject alone counts", async () => {
  expect((await door.ask(new Map(), "GET", "/api/v1/sign-in")).body).toMatchObject({
    provider: { name: "Elm County" },
  });
  const [one, two] = [await door.somebody(), await door.somebody()];
  const who = identity(one.email.toUpperCase());
  // Somebody guessed at the password: that locks nobody out here.
  for (let tries = 0; tries < 5; tries += 1) await door.enter(new Map(), one.email, "wrong wrong wrong");
  expect((await door.enter(new Map(), one.email)).code).toBe("sign-in-locked");
  const jar: Jar = new Map();
  expect(await enter(jar, who, "/evidence/x?at=3#notes")).toBe("/evidence/x?at=3#notes");
  expect([await opens(jar), jar.has("sworn.provider")]).toEqual([200, false]);
  const details = { method: "identity provider" };
  const last = { kind: "person.signed-in", details: { ...details, linked: provider.issuer } };
  expect((await door.events(one.id)).at(-1)).toEqual(last);

  // Over there their e-mail becomes another's: they stay who they are; the other is not taken over, nor let in as them.
  const again: Jar = new Map();
  expect(await enter(again, { ...who, email: two.email, verified: false })).toBe("/library");
  expect((await door.events(one.id)).at(-1)).toEqual({ kind: "person.signed-in", details });
  const stranger: Jar = new Map();
  expect(await enter(stranger, identity(one.email))).toBe(refused("other-identity"));
  expect(await opens(stranger)).toBe("not-signed-in");

  // Who loses that identity is linked anew once an admin has reset what they prove themselves with.
  const admin: Jar = new Map();
  await door.enter(admin, (await door.somebody(["admin"])).email);
  const reset = { reason: "new identity over there" };
  expect((await door.ask(admin, "POST", `/api/v1/people/${one.id}/factors/reset`, reset)).status).toBe(204);
  expect(await opens(again)).toBe("not-signed-in");
  expect(await enter(new Map(), identity(one.email))).toBe("/library");
});

it("leads everybody else back to the sign-in page, each with a reason of their own", async () => {
  const [{ email }, gone] = [await door.somebody(), await door.somebody()];
  const left = identity(gone.email);
  expect(await enter(new Map(), left)).toBe("/library");
  await (await door.test.owner()).query(`update sworn.person set disabled_at = now() where id = $1`, [gone.id]);
  const cases: [TestIdentity | null, string][] = [
    [identity(email, { verified: false }), "unverified"],
    [identity("nobody@elm.example"), "unknown"],
    [left, "disabled"],
    [identity(gone.email), "disabled"],
    [null, "cancelled"],
  ];
  for (const [who, reason] of cases) {
    const jar: Jar = new Map();
    expect(await enter(jar, who, "/mine"), reason).toBe(refused(reason, "/mine"));
    expect([...jar.keys()], reason).toEqual([]);
  }
});

it("takes an answer once, in the browser that asked, for the question that was asked", async () => {
  const [{ email }, victim]: [{ email: string }, Jar] = [await door.somebody(), new Map()];
  const who = identity(email);
  const mine: Jar = new Map();
  const url = await there(mine, who);
  // Another browser is sent along that link: with nothing begun, and with something of its own begun.
  expect(await back(victim, url)).toBe("/sign-in?refused=failed");
  await begin(victim);
  expect(await back(victim, url)).toBe("/sign-in?refused=failed");
  expect(await opens(victim)).toBe("not-signed-in");
  const cookie = mine.get("sworn.provider") ?? "";
  expect(await back(mine, url)).toBe("/library");
  // Once more, by who kept both the address and the cookie.
  const copy: Jar = new Map([["sworn.provider", cookie]]);
  expect(await back(copy, url)).toBe("/sign-in?refused=failed");
  expect(await opens(copy)).toBe("not-signed-in");

  // A code of one question under the state of another: the verifier does not fit.
  const [theirs, swapped]: [Jar, Jar] = [new Map(), new Map()];
  const code = new URL(await there(theirs, who)).searchParams.get("code") ?? "";
  const mixed = new URL(await there(swapped, who));
  mixed.searchParams.set("code", code);
  expect(await back(swapped, mixed.href)).toBe(refused("failed"));
  expect(said.join("\n")).not.toContain(code);

  const late: Jar = new Map();
  const old = await there(late, who);
  await (await door.test.owner()).query(`update auth.verification set "expiresAt" = now() - interval '1 second'`);
  expect(await back(late, old)).toBe("/sign-in?refused=failed");
  for (const nonsense of ["", "?state=", "?state=a&state=b&code=%0a", `?error=access_denied&state=${"x".repeat(4000)}`])
    expect(await back(late, `${door.url}${START}/callback${nonsense}`)).toBe("/sign-in?refused=failed");
});

it("begins for our own pages only, and goes on to paths of this site only", async () => {
  const response = await fetch(door.url + START, {
    method: "POST",
    headers: { origin: "https://elsewhere.example", "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(403);
  const { email } = await door.somebody();
  const who = identity(email);
  const tries = ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example"];
  tries.push("/..//elsewhere.example", "javascript:alert(1)", "/api/auth/sign-out", "/sign-in?to=/x", "mine");
  for (const to of tries) expect(await enter(new Map(), who, to), to).toBe("/library");
  expect((await begin(new Map(), `/${"x".repeat(2000)}`)).code).toBe("request-malformed");
});

it("asks for the own factor where a role needs one, unless the provider says that there were two", async () => {
  const agency = await door.test.agency("Ash County");
  const admin: Jar = new Map();
  await door.enter(admin, (await door.somebody(["admin"], agency)).email);
  const policy = { secondFactor: ["officer"], notice: "Authorised use only." };
  expect((await door.ask(admin, "PUT", "/api/v1/sign-in-policy", policy)).status).toBe(200);
  const { email } = await door.somebody(["officer"], agency);
  const who = identity(email);
  const after = async (amr: readonly string[]): Promise<string | number> => {
    const jar: Jar = new Map();
    await enter(jar, { ...who, amr });
    expect(await opens(jar)).toBe("notice-not-accepted");
    await door.ask(jar, "POST", "/api/v1/session/notice", { version: 1 });
    return await opens(jar);
  };
  expect(await after(["pwd"])).toBe("second-factor-needed");
  expect(await after(["hwk"])).toBe("second-factor-needed");
  expect(await after(["hwk", "pin"])).toBe(200);
  expect(await after(["pwd", "mfa"])).toBe(200);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Door, type Jar, openDoor, PASSWORD } from "./door.testing.ts";
import { totp } from "./totp.testing.ts";

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

interface Enrolled {
  readonly id: string;
  readonly email: string;
  readonly jar: Jar;
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}
async function begin(jar: Jar, password = PASSWORD): Promise<{ secret: string; recoveryCodes: string[]; uri: string }> {
  return (await door.ask(jar, "POST", "/api/v1/account/totp", { password })).body as never;
}
async function enrolled(roles: readonly ("officer" | "admin")[] = ["officer"]): Promise<Enrolled> {
  const person = await door.somebody(roles);
  const jar: Jar = new Map();
  await door.enter(jar, person.email);
  const { secret, recoveryCodes } = await begin(jar);
  // The step before: what is typed in the tests later is then not used up.
  const { status } = await door.ask(jar, "POST", "/api/v1/account/totp/confirm", { code: totp(secret, -1) });
  expect(status).toBe(204);
  return { ...person, jar, secret, recoveryCodes };
}
const second = (jar: Jar, proof: object): ReturnType<Door["ask"]> =>
  door.ask(jar, "POST", "/api/v1/sign-in/second-factor", proof);
const opens = async (jar: Jar): Promise<string | number> => (await door.ask(jar, "GET", "/anything")).code;

it("is set up with the password and a first code; other sessions end, this one gets a new cookie", async () => {
  const { id, email } = await door.somebody();
  const [jar, other]: Jar[] = [new Map(), new Map()];
  await door.enter(jar as Jar, email);
  await door.enter(other as Jar, email);
  const own = jar as Jar;
  expect((await door.ask(own, "POST", "/api/v1/account/totp", { password: "not the one I have" })).code).toBe(
    "password-wrong",
  );
  const { secret, uri, recoveryCodes } = await begin(own);
  expect(uri).toContain("otpauth://totp/Sworn");
  expect(new URL(uri).searchParams.get("secret")).toBe(secret);
  expect([recoveryCodes.length, new Set(recoveryCodes).size]).toEqual([10, 10]);
  // Nothing is in use before a code was typed: a password alone still opens the door.
  const before: Jar = new Map();
  expect((await door.enter(before, email)).body).toEqual({ entered: true });
  expect((await door.ask(own, "POST", "/api/v1/account/totp/confirm", { code: "12345" })).code).toBe(
    "request-malformed",
  );
  expect((await door.ask(own, "POST", "/api/v1/account/totp/confirm", { code: "000000" })).code).toBe("code-wrong");
  const cookie = own.get("sworn.session_token");
  expect((await door.ask(own, "POST", "/api/v1/account/totp/confirm", { code: totp(secret) })).status).toBe(204);
  expect(own.get("sworn.session_token")).not.toBe(cookie);
  expect([await opens(own), await opens(other as Jar), await opens(before)]).toEqual([
    200,
    "not-signed-in",
    "not-signed-in",
  ]);
  const { body } = await door.ask(own, "GET", "/api/v1/account/factors");
  expect(body).toEqual({ needed: false, totp: true, recoveryCodesLeft: 10, passkeys: [] });
  expect((await door.ask(own, "POST", "/api/v1/account/totp", { password: PASSWORD })).code).toBe("factor-exists");
  expect((await door.events(id)).at(-1)).toEqual({
    kind: "person.factor-added",
    details: { factor: "authenticator app" },
  });
  // At rest neither the secret nor the codes can be read.
  const { rows } = await (
    await door.test.owner()
  ).query<{ line: string }>(`select f::text as line from auth."twoFactor" f`);
  const kept = rows.map(({ line }) => line).join();
  expect(kept).not.toContain(secret);
  for (const code of recoveryCodes) expect(kept).not.toContain(code);
});

it("half finished it opens nothing, on any kind of route; finished it opens with a new session", async () => {
  const { id, email, secret } = await enrolled();
  const jar: Jar = new Map([["sworn.session_token", "planted.by-somebody"]]);
  const half = await door.enter(jar, email);
  expect([half.status, half.body]).toEqual([200, { entered: false }]);
  expect([...jar.keys()]).not.toContain("sworn.known");
  for (const [method, path, body] of [
    ["GET", "/anything"],
    ["GET", "/api/v1/session"],
    ["GET", "/api/v1/account/factors"],
    ["GET", "/api/v1/account/notices"],
    ["GET", "/api/v1/account/sessions"],
    ["GET", "/api/v1/sign-in-policy"],
    ["PUT", "/api/v1/sign-in-policy", { idleMinutes: 5 }],
    ["POST", "/api/v1/session/second-factor", { code: totp(secret) }],
    ["POST", "/api/v1/session/unlock", { password: PASSWORD }],
    ["POST", "/api/v1/account/totp", { password: PASSWORD }],
    ["POST", "/api/v1/account/totp/remove", { password: PASSWORD }],
    ["POST", "/api/v1/account/recovery-codes", { password: PASSWORD }],
    ["POST", "/api/v1/account/password", { current: PASSWORD, next: "a kite above the harbour" }],
  ] as const)
    expect((await door.ask(jar, method, path, body)).code, path).toBe("not-signed-in");
  const code = totp(secret);
  expect((await second(jar, { code })).body).toEqual({ entered: true });
  expect(jar.get("sworn.session_token")).not.toContain("planted");
  expect(await opens(jar)).toBe(200);
  expect((await door.events(id)).at(-1)).toEqual({
    kind: "person.signed-in",
    details: { method: "password and code" },
  });
  // The same code a second time, and the same half a second time: neither.
  const again: Jar = new Map();
  await door.enter(again, email);
  expect((await second(again, { code })).code).toBe("code-wrong");
  expect((await second(new Map(), { code: totp(secret, 1) })).code).toBe("sign-in-expired");
});

it("counts wrong codes with wrong passwords, across however many sign-ins, and locks", async () => {
  const { id, email, secret } = await enrolled();
  const codes = [];
  for (let n = 0; n < 5; n += 1) {
    const jar: Jar = new Map();
    await door.enter(jar, email); // the right password takes nothing back
    codes.push((await second(jar, { code: `00000${n}` })).code);
  }
  expect(codes).toEqual(Array.from({ length: 5 }, () => "code-wrong"));
  const jar: Jar = new Map();
  expect((await door.enter(jar, email)).code).toBe("sign-in-locked");
  expect((await second(jar, { code: totp(secret) })).code).toBe("sign-in-expired");
  await expect.poll(async () => (await door.events(id)).at(-1)?.kind).toBe("person.locked-out");
});

it("a code of one's own account does not stand for the one whose sign-in waits, nor take back what was wrong there", async () => {
  const [victim, own] = [await enrolled(), await enrolled()];
  const jar: Jar = new Map();
  const from = "203.0.113.8"; // counted by itself, per address as well
  const secondAt = (of: Jar, proof: object): ReturnType<Door["ask"]> =>
    door.ask(of, "POST", "/api/v1/sign-in/second-factor", proof, from);
  await door.enter(jar, victim.email);
  for (let n = 0; n < 4; n += 1) expect((await secondAt(jar, { code: `00000${n}` })).code).toBe("code-wrong");
  const both: Jar = new Map([...jar, ...own.jar]);
  both.delete("sworn.known");
  expect((await secondAt(both, { recoveryCode: own.recoveryCodes[0] ?? "" })).code).toBe("code-wrong");
  expect([...both.keys()]).not.toContain("sworn.known");
  expect((await secondAt(jar, { code: totp(victim.secret) })).code).toBe("sign-in-locked");
  expect((await door.ask(own.jar, "GET", "/api/v1/account/factors")).body["recoveryCodesLeft"]).toBe(10);
});

it("recovery codes open once each, until there are new ones", async () => {
  const { id, email, jar, recoveryCodes } = await enrolled();
  const [first = "", next = ""] = recoveryCodes;
  const way: Jar = new Map();
  await door.enter(way, email);
  expect((await second(way, { recoveryCode: first })).body).toEqual({ entered: true });
  expect((await door.events(id)).at(-1)?.details).toEqual({ method: "password and recovery code" });
  expect((await door.ask(way, "GET", "/api/v1/account/factors")).body["recoveryCodesLeft"]).toBe(9);
  const again: Jar = new Map();
  await door.enter(again, email);
  expect((await second(again, { recoveryCode: first })).code).toBe("code-wrong");
  expect((await door.ask(jar, "POST", "/api/v1/account/recovery-codes", { password: "wrong wrong" })).code).toBe(
    "password-wrong",
  );
  const renewed = await door.ask(jar, "POST", "/api/v1/account/recovery-codes", { password: PASSWORD });
  const fresh = renewed.body["recoveryCodes"] as string[];
  expect(fresh.length).toBe(10);
  expect((await second(again, { recoveryCode: next })).code).toBe("code-wrong");
  expect((await second(again, { recoveryCode: fresh[0] ?? "" })).body).toEqual({ entered: true });
  expect((await door.ask(jar, "POST", "/api/v1/account/totp/remove", { password: PASSWORD })).status).toBe(204);
  expect((await door.enter(new Map(), email)).body).toEqual({ entered: true });
  expect((await door.events(id)).map(({ kind }) => kind)).toContain("person.factor-removed");
});

it("a role that needs one is led there before anything opens, in running sessions as well", async () => {
  const agency = await door.test.agency("Ash County");
  const [admin, officer]: Jar[] = [new Map(), new Map()];
  await door.enter(admin as Jar, (await door.somebody(["admin"], agency)).email);
  const somebody = await door.somebody(["officer"], agency);
  await door.enter(officer as Jar, somebody.email);
  const jar = officer as Jar;
  const policy = (secondFactor: unknown): ReturnType<Door["ask"]> =>
    door.ask(admin as Jar, "PUT", "/api/v1/sign-in-policy", { secondFactor });
  expect((await policy(["device"])).code).toBe("request-malformed");
  expect((await door.ask(jar, "PUT", "/api/v1/sign-in-policy", { secondFactor: [] })).code).toBe("not-allowed");
  expect((await policy(["officer", "officer"])).body).toMatchObject({ idleMinutes: 30, secondFactor: ["officer"] });
  expect([await opens(admin as Jar), await opens(jar)]).toEqual([200, "second-factor-needed"]);
  expect((await door.ask(jar, "GET", "/api/v1/session")).body).toMatchObject({
    waits: "second-factor",
    has: { totp: false, passkeys: false },
  });
  for (const path of ["notices", "sessions"])
    expect((await door.ask(jar, "GET", `/api/v1/account/${path}`)).code).toBe("second-factor-needed");
  const { secret } = await begin(jar);
  expect((await door.ask(jar, "POST", "/api/v1/account/totp/confirm", { code: totp(secret) })).status).toBe(204);
  expect([await opens(jar), (await door.ask(jar, "GET", "/api/v1/session")).body["waits"]]).toEqual([200, null]);
  expect((await door.ask(jar, "POST", "/api/v1/account/totp/remove", { password: PASSWORD })).code).toBe("last-factor");
  expect((await policy([])).body).toMatchObject({ secondFactor: [] });
});

it("an admin takes somebody's factors away: with a reason, all sessions end, and its person is told", async () => {
  const admin: Jar = new Map();
  await door.enter(admin, (await door.somebody(["admin"])).email);
  const { id, email, jar } = await enrolled();
  const reset = (who: Jar, reason: unknown, of = id): ReturnType<Door["ask"]> =>
    door.ask(who, "POST", `/api/v1/people/${of}/factors/reset`, { reason });
  expect((await reset(admin, "  ")).code).toBe("request-malformed");
  expect((await reset(jar, "I want to")).code).toBe("not-allowed");
  expect((await reset(admin, "nobody", "00000000-0000-4000-8000-000000000000")).code).toBe("not-found");
  expect((await reset(admin, "Lost the phone on duty")).status).toBe(204);
  expect(await opens(jar)).toBe("not-signed-in");
  const next: Jar = new Map();
  expect((await door.enter(next, email)).body).toEqual({ entered: true });
  const { body } = await door.ask(next, "GET", "/api/v1/account/notices");
  expect(body["items"]).toMatchObject([{ kind: "factors-reset", until: null }]);
  expect((await door.events(id)).map(({ kind }) => kind)).toContain("person.factors-reset");
});

it("a session that came in without the codes that are in use proves them first", async () => {
  const { id, jar, secret } = await enrolled();
  const owner = await door.test.owner();
  await owner.query(
    `update auth.session s set strong = null from sworn.person p where p.account_id = s."userId" and p.id = $1`,
    [id],
  );
  expect(await opens(jar)).toBe("second-factor-needed");
  for (const [path, body] of [
    ["totp/remove", { password: PASSWORD }],
    ["recovery-codes", { password: PASSWORD }],
  ] as const)
    expect((await door.ask(jar, "POST", `/api/v1/account/${path}`, body)).code).toBe("second-factor-needed");
  expect((await door.ask(jar, "POST", "/api/v1/session/second-factor", { code: "000000" })).code).toBe("code-wrong");
  expect((await door.ask(jar, "POST", "/api/v1/session/second-factor", { code: totp(secret) })).status).toBe(204);
  expect(await opens(jar)).toBe(200);
});

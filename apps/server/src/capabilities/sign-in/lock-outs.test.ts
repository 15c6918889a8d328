import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Door, type Jar, openDoor } from "./door.testing.ts";

const MINUTE = 60_000;
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const guess = (email: string, jar: Jar = new Map()): Promise<string | number> =>
  door.enter(jar, email, "guess guess guess").then(({ code }) => code);
async function guesses(email: string, count: number, jar?: Jar): Promise<(string | number)[]> {
  const codes = [];
  for (let n = 0; n < count; n += 1) codes.push(await guess(email, jar));
  return codes;
}
const wrong = "sign-in-refused";
const locked = "sign-in-locked";

it("locks after five wrong tries from any addresses, longer each time, and opens by itself", async () => {
  const { id, email } = await door.somebody();
  expect(await guesses(email, 6)).toEqual([wrong, wrong, wrong, wrong, wrong, locked]);
  // The right password opens nothing now, however the e-mail is typed.
  const refused = await door.enter(new Map(), ` ${email.toUpperCase()} `);
  expect([refused.status, refused.code]).toEqual([429, locked]);
  expect(Number(refused.headers.get("retry-after"))).toSatisfy((seconds: number) => seconds > 500 && seconds <= 600);
  await vi.waitFor(async () => expect((await door.events(id)).map(({ kind }) => kind)).toContain("person.locked-out"));
  const [, lockOut] = await door.events(id);
  expect(lockOut?.details).toMatchObject({ tries: 5, until: expect.any(String), address: expect.any(String) });

  door.time.later = 10 * MINUTE + 1000;
  expect(await guesses(email, 5)).toEqual([wrong, wrong, wrong, wrong, wrong]);
  door.time.later = 25 * MINUTE;
  expect(await guess(email)).toBe(locked); // twenty minutes this time
  door.time.later = 31 * MINUTE;
  const jar: Jar = new Map();
  expect((await door.enter(jar, email)).body).toEqual({ entered: true });
  door.time.later = 0; // a session's own times are the sign-in library's
  expect((await door.ask(jar, "GET", "/anything")).status).toBe(200);
  door.time.later = 31 * MINUTE;
  // Signed in, all is forgotten: the next lock is a short one again.
  await guesses(email, 5);
  door.time.later = 42 * MINUTE;
  expect(await guess(email)).toBe(wrong);
  door.time.later = 0;
});

it("answers the same for an account that does not exist, and says nothing of it anywhere", async () => {
  const { email } = await door.somebody();
  const nobody = "nobody-at-all@elm.example";
  const [there, nowhere] = [await guesses(email, 5), await guesses(nobody, 5)];
  expect(there).toEqual(nowhere);
  const strip = ({ status, body, headers }: Awaited<ReturnType<Door["enter"]>>): unknown => [
    status,
    { ...body, retryAfter: null },
    headers.getSetCookie(),
    headers.has("retry-after"),
  ];
  const [a, b] = [await door.enter(new Map(), email), await door.enter(new Map(), nobody)];
  expect(strip(a)).toEqual(strip(b));
  // Kept as keyed hashes: the table lists no address.
  const { rows } = await (
    await door.test.owner()
  ).query<{ line: string }>("select t::text as line from sworn.sign_in_try t");
  expect(rows.length).toBeGreaterThan(1);
  expect(rows.map(({ line }) => line).join()).not.toContain("elm");
});

it("judges five of however many tries come at once", async () => {
  const { email } = await door.somebody();
  const codes = await Promise.all(Array.from({ length: 9 }, () => guess(email)));
  expect(codes.filter((code) => code === wrong).length).toBe(5);
  expect(codes.filter((code) => code === locked).length).toBe(4);
});

it("leaves the owner's own browser in while strangers guess, and gives it no more than five either", async () => {
  const { email } = await door.somebody();
  const own: Jar = new Map();
  await door.enter(own, email);
  expect(await guesses(email, 6)).toContain(locked);
  expect((await door.enter(own, email)).status).toBe(200);
  const other = await door.somebody();
  await guesses(other.email, 5);
  expect((await door.enter(own, other.email)).code).toBe(locked); // known to one account is not known to another
  expect(await guesses(email, 6, own)).toEqual([wrong, wrong, wrong, wrong, wrong, locked]);
});

it("tells the person at their next sign-in, and admins at once, who can open it sooner", async () => {
  const admin: Jar = new Map();
  await door.enter(admin, (await door.somebody(["admin"])).email);
  const { id, email } = await door.somebody();
  await guesses(email, 5);
  const state = async (): Promise<unknown> => {
    const { body, status } = await door.ask(admin, "GET", "/api/v1/sign-in/states?limit=500");
    expect(status, JSON.stringify(body)).toBe(200);
    return (body["items"] as { personId: string; lockedUntil: string | null }[]).find((one) => one.personId === id);
  };
  expect(await state()).toMatchObject({ lockedUntil: expect.stringMatching(/Z$/) });
  expect((await door.ask(admin, "POST", `/api/v1/people/${id}/unlock`)).status).toBe(204);
  expect(await state()).toMatchObject({ lockedUntil: null });
  const jar: Jar = new Map();
  expect((await door.enter(jar, email)).status).toBe(200);
  // By mail, where there is any: to the person, and about them to who manages people.
  const letters = door.notices.filter((one) => JSON.stringify(one).includes(id));
  expect(letters.filter((one) => "about" in one).length).toBeGreaterThan(0);
  expect(letters.filter((one) => "personId" in one && one.personId === id)).toMatchObject([{ kind: "locked-out" }]);
  const kinds = (await door.events(id)).map(({ kind }) => kind).toSorted();
  expect(kinds).toEqual(["person.created", "person.locked-out", "person.signed-in", "person.unlocked"]);

  const read = async (who: Jar): Promise<{ id: string; kind: string }[]> =>
    (await door.ask(who, "GET", "/api/v1/account/notices")).body["items"] as { id: string; kind: string }[];
  const [notice] = await read(jar);
  expect(notice?.kind).toBe("locked-out");
  expect(await read(admin)).toEqual([]);
  const seen = `/api/v1/account/notices/${notice?.id ?? ""}/seen`;
  expect((await door.ask(admin, "POST", seen)).code).toBe("not-found");
  expect((await door.ask(jar, "POST", seen)).status).toBe(204);
  expect(await read(jar)).toEqual([]);
  // Not for everybody, and not across agencies.
  expect((await door.ask(jar, "GET", "/api/v1/sign-in/states")).code).toBe("not-allowed");
  const elsewhere: Jar = new Map();
  const agency = await door.test.agency("Oak County");
  await door.enter(elsewhere, (await door.somebody(["admin"], agency)).email);
  await guesses(email, 5);
  expect((await door.ask(elsewhere, "POST", `/api/v1/people/${id}/unlock`)).code).toBe("not-found");
});

it("counts nothing that the limit per address refused, and lets nobody in who is disabled", async () => {
  const { id, email } = await door.somebody();
  const codes = [];
  for (let n = 0; n < 8; n += 1) {
    const { email: other } = { email: `x${n}@elm.example` };
    codes.push((await door.enter(new Map(), n < 5 ? other : email, "guess guess guess", "203.0.113.9")).code);
  }
  expect(codes.slice(5)).toEqual(["rate-limited", "rate-limited", "rate-limited"]);
  expect(await guesses(email, 5)).toEqual([wrong, wrong, wrong, wrong, wrong]);

  const gone = await door.somebody();
  const owner = await door.test.owner();
  await owner.query("alter table sworn.person disable trigger all");
  await owner.query("update sworn.person set disabled_at = now() where id = $1", [gone.id]);
  await owner.query("alter table sworn.person enable trigger all");
  expect((await door.enter(new Map(), gone.email)).code).toBe(wrong);
  expect(id).not.toBe(gone.id);
});

it("takes neither another site's form nor what is no sign-in", async () => {
  const { email } = await door.somebody();
  const post = async (headers: Record<string, string>, body: string): Promise<number> =>
    (
      await fetch(`${door.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-from": "203.0.113.20", ...headers },
        body,
      })
    ).status;
  const right = JSON.stringify({
    email,
    password: "lanterns over the river",
    callbackURL: "https://elsewhere.example",
  });
  expect(await post({ origin: "https://elsewhere.example", cookie: "a=b" }, right)).toBe(403);
  expect(await post({ origin: door.url }, "{")).toBe(400);
  expect(await post({ origin: door.url }, JSON.stringify({ email: "x".repeat(300), password: "y" }))).toBe(400);
  expect(await post({ origin: door.url }, right)).toBe(200);
  for (const path of [
    "sign-up/email",
    "list-sessions",
    "change-email",
    "verify-password",
    "error",
    "two-factor/enable",
  ])
    for (const method of ["GET", "POST"])
      expect((await fetch(`${door.url}/api/auth/${path}`, { method })).status, path).toBe(404);
});

it("tries that were not judged leave no row behind", async () => {
  const owner = await door.test.owner();
  const count = async (): Promise<unknown> =>
    (await owner.query("select count(*)::int as n from sworn.sign_in_try")).rows[0];
  const codes = [];
  for (let n = 0; n < 5; n += 1)
    codes.push((await door.enter(new Map(), `nobody-${n}@elm.example`, "wrong wrong", "203.0.113.77")).code);
  const before = await count();
  for (let n = 5; n < 9; n += 1)
    codes.push((await door.enter(new Map(), `nobody-${n}@elm.example`, "wrong wrong", "203.0.113.77")).code);
  expect(codes.slice(5)).toEqual(Array.from({ length: 4 }, () => "rate-limited"));
  expect(await count()).toEqual(before);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Door, type Jar, openDoor } from "./door.testing.ts";

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

it("is shown before the sign-in, accepted in its present version, and nothing opens before", async () => {
  const agency = await door.test.agency("Ash County");
  const [admin, jar]: [Jar, Jar] = [new Map(), new Map()];
  const chief = await door.somebody(["admin"], agency);
  const { id, email } = await door.somebody(["officer"], agency);
  await door.enter(admin, chief.email);
  await door.enter(jar, email);
  const put = (who: Jar, notice: unknown): ReturnType<Door["ask"]> =>
    door.ask(who, "PUT", "/api/v1/sign-in-policy", { notice });
  for (const refused of ["x".repeat(4001), "bell\u0007", "nul\u0000", 7])
    expect((await put(admin, refused)).code).toBe("request-malformed");
  expect((await put(jar, "mine")).code).toBe("not-allowed");
  const text = "Authorised use only.\n<b>Everything</b> is logged.";
  expect((await put(admin, text)).body).toMatchObject({ notice: text, noticeVersion: 1 });
  const front = await door.ask(new Map(), "GET", "/api/v1/sign-in");
  expect(front.body).toEqual({
    notices: [{ agencyId: agency, agency: "Ash County", text, version: 1 }],
    provider: null,
  });

  // Running sessions wait as well, whoever wrote it; on every kind of route.
  for (const path of ["/anything", "/api/v1/account/factors", "/api/v1/account/sessions", "/api/v1/account/notices"])
    expect((await door.ask(jar, "GET", path)).code, path).toBe("notice-not-accepted");
  expect((await put(admin, "another")).code).toBe("notice-not-accepted");
  expect((await door.ask(jar, "GET", "/api/v1/session")).body).toMatchObject({
    waits: "notice",
    notice: { text, version: 1 },
  });
  const accept = (who: Jar, version: unknown): ReturnType<Door["ask"]> =>
    door.ask(who, "POST", "/api/v1/session/notice", { version });
  expect((await accept(jar, 2)).code).toBe("notice-not-accepted");
  expect((await accept(jar, 0)).code).toBe("request-malformed");
  expect([(await accept(jar, 1)).status, (await accept(admin, 1)).status]).toEqual([204, 204]);
  expect((await door.ask(jar, "GET", "/anything")).status).toBe(200);
  expect((await door.events(id)).at(-1)).toEqual({ kind: "person.notice-accepted", details: { version: 1 } });

  // Each sign-in accepts anew; a new text asks again; none asks nobody.
  const again: Jar = new Map();
  await door.enter(again, email);
  expect((await door.ask(again, "GET", "/anything")).code).toBe("notice-not-accepted");
  expect((await put(admin, "Another text.")).body).toMatchObject({ noticeVersion: 2 });
  expect((await door.ask(jar, "GET", "/anything")).code).toBe("notice-not-accepted");
  expect((await accept(jar, 1)).code).toBe("notice-not-accepted");
  await accept(admin, 2);
  expect((await put(admin, "")).body).toMatchObject({ notice: "", noticeVersion: 3 });
  expect([(await door.ask(jar, "GET", "/anything")).status, (await accept(jar, 3)).code]).toEqual([
    200,
    "notice-not-accepted",
  ]);
  expect((await door.ask(new Map(), "GET", "/api/v1/sign-in")).body).toEqual({ notices: [], provider: null });
});

it("of two who change the rules at once, neither undoes the other, and each text has a version of its own", async () => {
  const agency = await door.test.agency("Birch County");
  const admins: Jar[] = [new Map(), new Map()];
  for (const jar of admins) await door.enter(jar, (await door.somebody(["admin"], agency)).email);
  const [one, two] = admins as [Jar, Jar];
  const put = (who: Jar, change: object): ReturnType<Door["ask"]> =>
    door.ask(who, "PUT", "/api/v1/sign-in-policy", change);
  for (let minutes = 6; minutes < 14; minutes += 1) {
    const secondFactor = minutes % 2 === 0 ? ["officer"] : [];
    await Promise.all([put(one, { secondFactor }), put(two, { idleMinutes: minutes })]);
    const { body } = await door.ask(one, "GET", "/api/v1/sign-in-policy");
    expect(body).toMatchObject({ secondFactor, idleMinutes: minutes });
  }
  const texts = await Promise.all([put(one, { notice: "Property of Birch." }), put(two, { notice: "Be careful." })]);
  const versions = texts.map(({ body }) => body["noticeVersion"]);
  expect(new Set(versions).size).toBe(2);
});

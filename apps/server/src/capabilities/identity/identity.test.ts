import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import { createAgency, createKey, createPerson, createSetUpLink, identify, isSetUpNeeded, setUp } from "./index.ts";
import { revokeKey } from "./keys.ts";
import { showRecoverySheet } from "./recovery.ts";
import { isSetUpLinkOpen } from "./set-up.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const origin = "http://127.0.0.1:1";
let test: TestDatabase;
let accounts: Accounts & { close(): Promise<void> };
let now = 0;
const clock = { ...systemClock, now: () => systemClock.now() + now };
const custody = { clock: systemClock, software: "sworn test" };
let deps: Parameters<typeof setUp>[0];

beforeAll(async () => {
  test = await createTestDatabase();
  accounts = await openAccounts({
    connection: loginConfig(test.ownerConfig, "sworn_auth", test.loginSecret),
    secret: createHash("sha256").update("test").digest(),
    publicUrl: () => origin,
    ownOrigins: () => [origin],
    log,
  });
  deps = { database: test.database, accounts, custody, clock };
});
afterAll(async () => {
  await accounts.close();
  await test.close();
});

const request = (headers: Record<string, string>): { headers: Headers } => ({ headers: new Headers(headers) });
const someone = { agency: "Elm County", timeZone: "America/New_York", name: "P. Moreno", password: "twelve letters" };

async function signIn(email: string, password: string): Promise<{ status: number; cookie: string }> {
  const response = await accounts.handle(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin, "x-sworn-client-ip": "192.0.2.1" },
      body: JSON.stringify({ email, password }),
    }),
  );
  const cookie = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return { status: response.status, cookie: cookie.join("; ") };
}

describe("the set-up link", () => {
  it("opens once, for a day, and a newer one closes it", async () => {
    expect(await isSetUpNeeded(deps)).toBe(true);
    const older = await createSetUpLink(deps);
    const token = await createSetUpLink(deps);
    expect(await isSetUpLinkOpen(deps, older)).toBe(false);
    now = 24 * 3600 * 1000 + 1;
    await expect(setUp(deps, { ...someone, token, email: "late@elm.example" })).rejects.toMatchObject({
      code: "setup-link-used",
    });
    now = 0;
    const { agencyId } = await setUp(deps, { ...someone, token, email: "moreno@elm.example" });
    expect(await test.database.agencyIds()).toContain(agencyId);
    expect(await isSetUpNeeded(deps)).toBe(false);
    await expect(setUp(deps, { ...someone, token, email: "again@elm.example" })).rejects.toMatchObject({
      code: "setup-link-used",
    });
    await expect(setUp(deps, { ...someone, token: "guess", email: "x@elm.example" })).rejects.toMatchObject({
      code: "setup-link-used",
    });
  });

  it("stays open, and leaves no agency behind, when the first person cannot be made", async () => {
    const agencyId = await createAgency(deps, "Elsewhere", "UTC");
    const taken = {
      name: "Ofc. Adair",
      email: "taken@elm.example",
      roles: ["officer"],
      password: "twelve letters",
    } as const;
    await createPerson(deps, agencyId, null, taken);
    const before = await test.database.agencyIds();
    const token = await createSetUpLink(deps);
    await expect(setUp(deps, { ...someone, token, email: taken.email })).rejects.toMatchObject({
      code: "request-malformed",
    });
    expect(await isSetUpLinkOpen(deps, token)).toBe(true);
    expect(await test.database.agencyIds()).toEqual(before);
  });

  it("refuses a time zone that does not exist", async () => {
    const token = await createSetUpLink(deps);
    await expect(
      setUp(deps, { ...someone, token, timeZone: "Mars/Olympus", email: "m@elm.example" }),
    ).rejects.toMatchObject({
      code: "request-malformed",
    });
  });
});

describe("people", () => {
  it("sign in with a password that is kept as argon2id, and are found behind their cookie", async () => {
    const agencyId = await test.agency("Oak Town");
    const person = {
      name: "Ofc. Adair",
      email: "Adair@oak.example",
      roles: ["officer" as const],
      password: "a long enough one",
    };
    const { personId } = await createPerson(deps, agencyId, null, person);
    const owner = await test.owner();
    const { rows } = await owner.query<{ password: string }>(`select password from auth.account`);
    for (const row of rows) expect(row.password).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);

    expect(await signIn("adair@oak.example", "wrong")).toMatchObject({ status: 401, cookie: "" });
    const { status, cookie } = await signIn("adair@oak.example", person.password);
    expect(status).toBe(200);
    const found = await identify(deps, request({ cookie }));
    expect(found).toMatchObject({
      viaCookie: true,
      principal: { personId, agencyId, roles: ["officer"], kind: "person" },
    });
    // A bearer that does not hold must not fall back to the cookie beside it.
    expect(
      await identify(deps, request({ cookie, authorization: "Bearer sworn_officer_aaaaaaaaaaaaaaaaaaaaaaaa" })),
    ).toBeNull();
    expect(await identify(deps, request({ cookie: cookie.replace(/.(?=%3D|$)/, "A").replace("=", "=x") }))).toBeNull();
  });

  it("cannot sign themselves up", async () => {
    const response = await accounts.handle(
      new Request(`${origin}/api/auth/sign-up/email`, {
        method: "POST",
        headers: { "content-type": "application/json", origin, "x-sworn-client-ip": "192.0.2.2" },
        body: JSON.stringify({ email: "me@oak.example", password: "a long enough one", name: "Me" }),
      }),
    );
    expect(response.status).toBeGreaterThanOrEqual(400);
  });

  it("are made once per address, and never as devices", async () => {
    const agencyId = await test.agency("Ash Town");
    const person = { name: "B", email: "b@ash.example", roles: ["records" as const], password: "a long enough one" };
    await createPerson(deps, agencyId, null, person);
    await expect(createPerson(deps, agencyId, null, person)).rejects.toMatchObject({ code: "request-malformed" });
    await expect(
      createPerson(deps, agencyId, null, { ...person, email: "d@ash.example", roles: ["device"] }),
    ).rejects.toMatchObject({
      code: "request-malformed",
    });
  });

  it("are slowed down after five tries from one network, IPv6 by /64", async () => {
    const attempt = async (ip: string): Promise<number> => {
      const response = await accounts.handle(
        new Request(`${origin}/api/auth/sign-in/email`, {
          method: "POST",
          headers: { "content-type": "application/json", origin, "x-sworn-client-ip": ip },
          body: JSON.stringify({ email: "nobody@oak.example", password: "guess guess guess" }),
        }),
      );
      return response.status;
    };
    const answers: number[] = [];
    for (let host = 1; host <= 7; host += 1) answers.push(await attempt(`2001:db8:1:2::${host}`));
    expect(answers.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(answers.slice(5)).toEqual([429, 429]);
    expect(await attempt("2001:db8:1:3::1")).toBe(401);
  });
});

describe("the recovery sheet", () => {
  it("never leaves unseen", async () => {
    const agencyId = await createAgency(deps, "Ash County", "UTC");
    const admin = {
      kind: "person",
      actorId: "33333333-3333-4333-8333-333333333333",
      agencyId,
      roles: ["admin"],
      personId: null,
      deviceId: null,
    } as const;
    const events = (): Promise<{ actor_id: string | null }[]> =>
      test.database.forAgency(agencyId, (tx) =>
        tx.selectFrom("custody.entry").select("actor_id").where("kind", "=", "recovery.sheet-made").execute(),
      );
    const sheet = async (): Promise<string> => `sheet after ${(await events()).length} events`;
    const shown = await showRecoverySheet({ ...deps, recovery: { sheet } }, admin);
    expect(shown).toBe("sheet after 1 events");
    expect(await events()).toEqual([{ actor_id: admin.actorId }]);
  });
});

describe("keys", () => {
  it("stand for a camera, cannot widen themselves, and end when revoked", async () => {
    const agencyId = await test.agency("Fir Town");
    const made = await createKey(deps, agencyId, null, { name: "VX-118", role: "device" });
    const bearer = request({ authorization: `Bearer ${made.token}` });
    expect(await identify(deps, bearer)).toMatchObject({
      viaCookie: false,
      principal: { deviceId: made.deviceId, roles: ["device"], agencyId, personId: null },
    });
    const owner = await test.owner();
    const { rows } = await owner.query<{ row: string }>(`select k::text as row from sworn.api_key k where id = $1`, [
      made.id,
    ]);
    expect(rows[0]?.row).not.toContain(made.token.slice(-30));

    const app = await test.login("sworn_app");
    for (const change of [
      "role = 'custodian'",
      "agency_id = gen_random_uuid()",
      "device_id = null",
      "expires_at = null",
    ])
      await expect(app.query(`update sworn.api_key set ${change}`)).rejects.toMatchObject({ code: "42501" });

    await revokeKey(deps, agencyId, made.id, made.id);
    expect(await identify(deps, bearer)).toBeNull();
    await expect(revokeKey(deps, agencyId, made.id, made.id)).rejects.toMatchObject({ code: "not-found" });
  });

  it("of another agency cannot be revoked", async () => {
    const [mine, other] = [await test.agency("Elm A"), await test.agency("Elm B")];
    const made = await createKey(deps, other, null, { name: "reader", role: "custodian" });
    await expect(revokeKey(deps, mine, made.id, made.id)).rejects.toMatchObject({ code: "not-found" });
  });
});

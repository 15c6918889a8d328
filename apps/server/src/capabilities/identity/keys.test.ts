import { MadeKey, type Permission, permissions, roles, type Role, scopeOf } from "@sworn/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import { systemClock } from "../../ports/clock.ts";
import { may, type Principal } from "../../ports/http.ts";
import { uploaderMaySee } from "../access/index.ts";
import { identify } from "./identify.ts";
import { keyRoutes } from "./key-routes.ts";
import { createKey, makeKey } from "./keys.ts";
import { insertPerson } from "./people.ts";
import { listKeys } from "./list-keys.ts";

const custody = { clock: systemClock, software: "sworn test" };
let test: TestDatabase;
let later = 0;
let agencyId: string;
const clock = { ...systemClock, now: () => systemClock.now() + later };
const deps = {
  get database() {
    return test.database;
  },
  accounts: { signedIn: () => Promise.resolve(null), noteSession: () => Promise.resolve() },
  custody,
  clock,
};

beforeAll(async () => {
  test = await createTestDatabase();
  agencyId = await test.agency("Elm County");
});
afterAll(() => test.close());

let made = 0;
async function somebody(...held: Role[]): Promise<Principal> {
  const email = `p${(made += 1)}@elm.example`;
  const actorId = await test.database.forAgency(agencyId, (tx) =>
    insertPerson(tx, deps, agencyId, null, { name: "P. Moreno", email, roles: held, accountId: email }),
  );
  return { kind: "person", actorId, agencyId, roles: held, personId: actorId, deviceId: null };
}
const asked = async (token: string): Promise<Principal | null> =>
  (await identify(deps, { headers: new Headers({ authorization: `Bearer ${token}` }) }))?.principal ?? null;
const able = (who: Principal | null): string[] =>
  who === null ? [] : permissions.filter((permission) => may(who, permission));
const change = async (who: Principal, what: string): Promise<void> => {
  await (await test.owner()).query(`update sworn.person set ${what} where id = $1`, [who.actorId]);
};

it("does what its scopes say and nothing else, whatever its role", async () => {
  const keeper = await somebody("custodian");
  const reading = await makeKey(deps, keeper, { name: "r", role: "custodian", scopes: ["evidence:read"] });
  expect(able(await asked(reading.token))).toEqual(["evidence.list", "evidence.view", "evidence.custody"]);
  const all = await makeKey(deps, keeper, { name: "a", role: "custodian" });
  expect(able(await asked(all.token))).toContain("hold.manage");
  await expect(makeKey(deps, keeper, { name: "x", role: "custodian", scopes: ["recordings:write"] })).rejects.toEqual(
    expect.objectContaining({ code: "request-malformed" }),
  );
});

it("makes no keys and no people, whoever made it", async () => {
  const chief = await somebody(...roles.filter((role) => role !== "device"));
  for (const role of roles.filter((each) => each !== "device")) {
    const { token } = await makeKey(deps, chief, { name: role, role });
    expect(able(await asked(token)).filter((permission) => scopeOf[permission as Permission] === undefined)).toEqual(
      [],
    );
  }
});

it("exceeds neither its maker's rights nor their reach, today and later", async () => {
  const refused = expect.objectContaining({ code: "key-exceeds" });
  const admin = await somebody("admin");
  await expect(makeKey(deps, admin, { name: "k", role: "custodian" })).rejects.toEqual(refused);
  const sergeant = await somebody("supervisor");
  await expect(makeKey(deps, sergeant, { name: "k", role: "records" })).rejects.toEqual(refused);

  const keeper = await somebody("custodian");
  const { token } = await makeKey(deps, keeper, { name: "k", role: "supervisor" });
  expect(able(await asked(token))).toContain("evidence.view");
  // What is kept from its maker until their statement is kept from it.
  expect((await asked(token))?.makerId).toBe(keeper.actorId);
  await change(keeper, "roles = '{officer}'");
  expect(await asked(token)).toBeNull();
  await change(keeper, "roles = '{supervisor}'");
  expect(await asked(token)).not.toBeNull();
  const owner = await test.owner();
  const { rows } = await owner.query<{ id: string }>(
    "insert into sworn.unit (id, agency_id, name) values (gen_random_uuid(), $1, 'North') returning id",
    [agencyId],
  );
  await change(keeper, `unit_id = '${rows[0]?.id ?? ""}'`);
  expect((await asked(token))?.scope).toEqual({ units: [rows[0]?.id], classes: [] });
  await change(keeper, "disabled_at = now()");
  expect(await asked(token)).toBeNull();
});

it("is judged as its maker is today also by what it queued before", async () => {
  const keeper = await somebody("custodian");
  const { id } = await makeKey(deps, keeper, { name: "q", role: "custodian" });
  const owner = await test.owner();
  const unit = async (name: string): Promise<string> =>
    (
      await owner.query<{ id: string }>(
        "insert into sworn.unit (id, agency_id, name) values (gen_random_uuid(), $1, $2) returning id",
        [agencyId, name],
      )
    ).rows[0]?.id ?? "";
  const [east, west] = [await unit("East"), await unit("West")];
  const { rows } = await owner.query<{ id: string }>(
    `insert into sworn.evidence (id, agency_id, title, kind, state, size, unit_id)
     values (gen_random_uuid(), $1, 'Stop', 'video', 'stored', 10, $2) returning id`,
    [agencyId, west],
  );
  const item = rows[0]?.id ?? "";
  const queued = { actorId: id, personId: null, deviceId: null };
  const may = (): Promise<boolean> =>
    test.database.forAgency(agencyId, (tx) => uploaderMaySee(tx, queued, item, clock.now()));
  expect(await may()).toBe(true);
  await change(keeper, `roles = '{officer}'`);
  expect(await may()).toBe(false);
  const sergeant = await somebody("supervisor");
  const second = await makeKey(deps, sergeant, { name: "s", role: "supervisor", expiresInDays: 1 });
  Object.assign(queued, { actorId: second.id });
  expect(await may()).toBe(true);
  await change(sergeant, `unit_id = '${east}'`);
  expect(await may()).toBe(false);
  await change(sergeant, `unit_id = '${west}'`);
  expect(await may()).toBe(true);
  later = 24 * 3600 * 1000 + 1;
  expect(await may()).toBe(false);
  later = 0;
  await change(sergeant, "disabled_at = now()");
  expect(await may()).toBe(false);
});

it("keeps a camera's key when whoever enrolled it leaves", async () => {
  const keeper = await somebody("custodian");
  const { token } = await createKey(deps, agencyId, keeper.actorId, { name: "VX-7", role: "device" });
  await change(keeper, "disabled_at = now(), roles = '{officer}'");
  expect(able(await asked(token))).toContain("recording.send");
});

it("ends when it was said to, and says when it was last used, a page at a time", async () => {
  const records = await somebody("records");
  const { token, id } = await makeKey(deps, records, { name: "import", role: "records", expiresInDays: 30 });
  expect(await asked(token)).not.toBeNull();
  const of = (): ReturnType<typeof listKeys> =>
    test.database.forAgency(agencyId, (tx) => listKeys(tx, { limit: 3, own: records.actorId }));
  const [key] = (await of()).items;
  expect(key).toMatchObject({ id, role: "records", scopes: null, createdBy: { id: records.actorId } });
  expect(Date.parse(key?.lastUsedAt ?? "")).toBeLessThanOrEqual(clock.now());
  later = 30 * 24 * 3600 * 1000 + 1;
  expect(await asked(token)).toBeNull();
  later = 0;

  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 50; pages += 1) {
    const page = await test.database.forAgency(agencyId, (tx) => listKeys(tx, { limit: 3, cursor }));
    ids.push(...page.items.map((item) => item.id));
    if (page.next === null) break;
    cursor = page.next;
  }
  const count = await (await test.owner()).query<{ n: number }>("select count(*)::int as n from sworn.api_key");
  expect([new Set(ids).size, ids.length]).toEqual([count.rows[0]?.n, count.rows[0]?.n]);
});

it("has scopes that nobody can change afterwards", async () => {
  const app = await test.login("sworn_app");
  for (const what of ["scopes = null", "created_by = null"])
    await expect(app.query(`update sworn.api_key set ${what}`)).rejects.toMatchObject({ code: "42501" });
});

it("is never in an answer that is kept for a repetition of its request", () => {
  const making = keyRoutes(deps).filter(({ answer }) => answer === MadeKey);
  expect(making.map(({ path, secretAnswer }) => [path, secretAnswer])).toEqual([
    ["/api/v1/devices", true],
    ["/api/v1/keys", true],
  ]);
});

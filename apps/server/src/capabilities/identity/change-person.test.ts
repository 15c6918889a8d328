import { createHash } from "node:crypto";
import { ChangePerson, type Role } from "@sworn/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Principal } from "../../ports/http.ts";
import { changePerson, type ChangePersonDeps } from "./change-person.ts";
import { createKey, createPerson, identify, noteSheetMadeHere } from "./index.ts";
import { revokeDevice } from "./keys.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const origin = "http://127.0.0.1:1";
const password = "a long enough one";
let test: TestDatabase;
let accounts: Accounts & { close(): Promise<void> };
let deps: ChangePersonDeps;
let agencyId: string;
let admin: Principal;

beforeAll(async () => {
  test = await createTestDatabase();
  accounts = await openAccounts({
    connection: loginConfig(test.ownerConfig, "sworn_auth", test.loginSecret),
    secret: createHash("sha256").update("test").digest(),
    publicUrl: () => origin,
    ownOrigins: () => [origin],
    log,
  });
  deps = { database: test.database, accounts, custody: { clock: systemClock, software: "test" }, clock: systemClock };
  agencyId = await test.agency("Birch Town");
  admin = principalOf(await make("moreno@birch.example", ["admin"]), ["admin"]);
});
afterAll(async () => {
  await accounts.close();
  await test.close();
});

const principalOf = (personId: string, roles: Role[]): Principal => ({
  kind: "person",
  actorId: personId,
  agencyId,
  roles,
  personId,
  deviceId: null,
});
async function make(email: string, roles: Role[]): Promise<string> {
  return (await createPerson(deps, agencyId, null, { name: "Ofc. Adair", email, roles, password })).personId;
}
let addresses = 0;
async function signIn(email: string, secret = password): Promise<string> {
  const headers = { "content-type": "application/json", origin, "x-sworn-client-ip": `192.0.2.${(addresses += 1)}` };
  const body = JSON.stringify({ email, password: secret });
  const response = await accounts.handle(
    new Request(`${origin}/api/auth/sign-in/email`, { method: "POST", headers, body }),
  );
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
}
const who = async (cookie: string): Promise<readonly Role[] | null> =>
  (await identify(deps, { headers: new Headers({ cookie }) }))?.principal.roles ?? null;
const change = (id: string, to: ChangePerson): Promise<void> => changePerson(deps, admin, id, to);
const events = (id: string): Promise<{ kind: string; actor_id: string | null; details: unknown }[]> =>
  test.database.forAgency(agencyId, async (tx) => {
    const rows = await tx
      .selectFrom("custody.entry as e")
      .innerJoin("custody.event_body as b", "b.entry_id", "e.id")
      .select(["e.kind", "e.actor_id", "b.event"])
      .where("e.subject_id", "=", id)
      .orderBy("e.n")
      .execute();
    return rows.map(({ kind, actor_id, event }) => ({
      kind,
      actor_id,
      details: (JSON.parse(event) as { details?: unknown }).details,
    }));
  });

it("changes roles with an event that says from what to what, and ends the sessions that had the old ones", async () => {
  const id = await make("adair@birch.example", ["officer"]);
  const cookie = await signIn("adair@birch.example");
  expect(await who(cookie)).toEqual(["officer"]);
  await change(id, { roles: ["custodian", "records"] });
  expect(await who(cookie)).toBeNull();
  expect(await who(await signIn("adair@birch.example"))).toEqual(["custodian", "records"]);
  expect((await events(id)).at(-1)).toEqual({
    kind: "person.role-changed",
    actor_id: admin.actorId,
    details: { roles: "custodian records", before: "officer" },
  });
  await change(id, { roles: ["records", "custodian"] }); // nothing changed: nothing to say
  expect((await events(id)).filter(({ kind }) => kind === "person.role-changed")).toHaveLength(1);
});

it("disables and enables: no session goes on and none begins in between", async () => {
  const id = await make("okafor@birch.example", ["supervisor"]);
  const cookie = await signIn("okafor@birch.example");
  await change(id, { disabled: true });
  expect([await who(cookie), await who(await signIn("okafor@birch.example"))]).toEqual([null, null]);
  await change(id, { disabled: false });
  expect([await who(cookie), await who(await signIn("okafor@birch.example"))]).toEqual([null, ["supervisor"]]);
  expect((await events(id)).map(({ kind }) => kind)).toEqual(["person.created", "person.disabled", "person.enabled"]);
});

it("sets a new password: the old one and every session end", async () => {
  const id = await make("brandt@birch.example", ["auditor"]);
  const cookie = await signIn("brandt@birch.example");
  await change(id, { password: "quite another one" });
  expect([await who(cookie), await signIn("brandt@birch.example")]).toEqual([null, ""]);
  expect(await who(await signIn("brandt@birch.example", "quite another one"))).toEqual(["auditor"]);
  const [, reset] = await events(id);
  expect(reset).toMatchObject({ kind: "person.password-reset", actor_id: admin.actorId });
});

it("moves to a unit and out of it, named as that day; an unknown or archived one is refused", async () => {
  const id = await make("lindqvist@birch.example", ["officer"]);
  const owner = await test.owner();
  const unit = async (name: string, archived: boolean): Promise<string> => {
    const sql = `insert into sworn.unit (id, agency_id, name, archived_at)
                 values (gen_random_uuid(), $1, $2, case when $3 then now() end) returning id`;
    const { rows } = await owner.query<{ id: string }>(sql, [agencyId, name, archived]);
    return rows[0]?.id ?? "";
  };
  const [north, gone] = [await unit("North", false), await unit("Gone", true)];
  const cookie = await signIn("lindqvist@birch.example");
  await change(id, { unitId: north });
  expect(await who(cookie)).toBeNull();
  expect((await events(id)).at(-1)).toMatchObject({
    kind: "person.unit-changed",
    details: { unit: "North", unitId: north, before: null, beforeId: null },
  });
  const refused = expect.objectContaining({ code: "request-malformed" });
  await expect(change(id, { unitId: gone })).rejects.toEqual(refused);
  await expect(change(id, { unitId: id })).rejects.toEqual(refused);
  await change(id, { unitId: north }); // nothing changed: nothing to say
  await change(id, { unitId: null });
  const moves = (await events(id)).filter(({ kind }) => kind === "person.unit-changed");
  expect(moves.map(({ details }) => (details as { unit: string | null }).unit)).toEqual(["North", null]);
});

it("gives a badge that nobody else has, and takes it away; both are said", async () => {
  const [id, other] = [await make("keane@birch.example", ["officer"]), await make("doyle@birch.example", ["officer"])];
  await change(id, { badge: "B-117" });
  await expect(change(other, { badge: "b-117" })).rejects.toMatchObject({ code: "name-taken" });
  await change(id, { badge: "B-117" }); // nothing changed: nothing to say
  await change(id, { badge: null });
  await change(other, { badge: "b-117" });
  const told = (await events(id)).filter(({ kind }) => kind === "person.badge-changed");
  expect(told.map(({ details }) => details)).toEqual([
    { badge: "B-117", before: null },
    { badge: null, before: "B-117" },
  ]);
  expect(ChangePerson.safeParse({ badge: " " }).success).toBe(false);
  expect(ChangePerson.safeParse({ badge: "x".repeat(41) }).success).toBe(false);
});

it("leaves somebody who manages people, also when two take it from each other at once", async () => {
  const refused = expect.objectContaining({ code: "last-admin" });
  await expect(change(admin.actorId, { roles: ["officer"] })).rejects.toEqual(refused);
  await expect(change(admin.actorId, { disabled: true })).rejects.toEqual(refused);
  const second = await make("second@birch.example", ["admin", "custodian"]);
  const done = await Promise.allSettled([
    change(admin.actorId, { disabled: true }),
    changePerson(deps, principalOf(second, ["admin"]), second, { roles: ["custodian"] }),
  ]);
  expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

it("knows nobody of another agency", async () => {
  const elsewhere = { ...admin, agencyId: await test.agency("Far Town") };
  await expect(changePerson(deps, elsewhere, admin.actorId, { disabled: true })).rejects.toMatchObject({
    code: "not-found",
  });
});

it("revokes a camera with every key it has, once, and says so", async () => {
  const { token, deviceId } = await createKey(deps, agencyId, null, { name: "VX-1", role: "device" });
  const camera = deviceId ?? "";
  await revokeDevice(deps, agencyId, admin.actorId, camera);
  expect(await identify(deps, { headers: new Headers({ authorization: `Bearer ${token}` }) })).toBeNull();
  await expect(revokeDevice(deps, agencyId, admin.actorId, camera)).rejects.toMatchObject({ code: "not-found" });
  const kinds = (await events(camera)).map(({ kind }) => kind);
  expect(kinds).toEqual(["device.enrolled", "key.created", "device.revoked", "key.revoked"]);
});

it("says in every agency's log that a recovery sheet was made on the server", async () => {
  await noteSheetMadeHere(deps);
  expect((await events(agencyId)).at(-1)).toEqual({
    kind: "recovery.sheet-made",
    actor_id: null,
    details: { step: "fetched", on: "server" },
  });
});

import { createHash } from "node:crypto";
import { type ImportAnswer, ImportPeople } from "@sworn/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openAccounts } from "../../adapters/auth/better-auth-accounts.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Accounts } from "../../ports/accounts.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Principal } from "../../ports/http.ts";
import { importPeople } from "./import-people.ts";
import { createPerson } from "./index.ts";
import { acceptInvitation, type InvitationDeps, renew } from "./invitations.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const origin = "http://127.0.0.1:1";
const password = "lanterns over the river";
let test: TestDatabase;
let accounts: Accounts & { close(): Promise<void> };
let deps: InvitationDeps;
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
  const custody = { clock: systemClock, software: "test" };
  deps = { database: test.database, accounts, custody, clock: systemClock, publicUrl: () => origin };
  const agencyId = await test.agency("Elm County");
  const moreno = { name: "P. Moreno", email: "moreno@elm.example", roles: ["admin" as const], password };
  const { personId } = await createPerson(deps, agencyId, null, moreno);
  admin = { kind: "person", actorId: personId, agencyId, roles: ["admin"], personId, deviceId: null };
  const okafor = {
    name: "Sgt. Okafor",
    email: "okafor@elm.example",
    roles: ["officer" as const],
    password,
    badge: "7",
  };
  await createPerson(deps, agencyId, null, okafor);
}, 60_000);
afterAll(async () => {
  await accounts.close();
  await test.close();
});

const table = [
  "Name,E-mail,Roles,Badge,Unit",
  "Ofc. Adair,Adair@elm.example,officer,4471,Central / Watch 1",
  "Ofc. Brandt,brandt@elm.example,officer,4472,",
  "Ofc. Brandt,brandt@elm.example,officer,4473,",
  "Sgt. Okafor,okafor@elm.example,supervisor officer,8,",
  "P. Moreno,moreno@elm.example,admin custodian,,",
  "A. Wrong,not an address,officer,,",
  "B. Wrong,b@elm.example,emperor,,",
  "C. Wrong,c@elm.example,defence officer,,",
  "D. Wrong,d@elm.example,device,,",
  "E. Wrong,e@elm.example,officer,4471,",
].join("\n");
const bring = (more: object = {}): Promise<ImportAnswer> => {
  const content = Buffer.from(table).toString("base64");
  return importPeople(deps, admin, {
    name: "people.csv",
    content,
    dryRun: false,
    change: [],
    makeUnits: false,
    ...more,
  });
};
const ask = async (text: string): Promise<Record<string, unknown>[]> =>
  (await (await test.owner()).query<Record<string, unknown>>(text)).rows;

it("invites who is new, offers to change who is here, and gives nobody what the importer may not give", async () => {
  const dry = await bring({ dryRun: true });
  expect(dry.errors.map(({ line, fault }) => [line, fault])).toEqual([
    [2, "unit-unknown"],
    [4, "twice"],
    [6, "role-beyond"], // one's own roles
    [7, "email"],
    [8, "role-unknown"],
    [9, "roles-apart"],
    [10, "role-beyond"],
    [11, "badge-taken"],
  ]);
  expect(dry.units).toEqual(["Central", "Central / Watch 1"]);
  expect(dry.preview.find(({ label }) => label.startsWith("okafor"))).toMatchObject({
    outcome: "offered",
    changes: [
      { field: "roles", before: "officer", after: "officer supervisor" },
      { field: "badge", before: "7", after: "8" },
    ],
  });
  expect((await bring({ dryRun: true, makeUnits: true })).counts).toMatchObject({ added: 2, offered: 1 });
  expect(await ask("select * from sworn.invitation")).toEqual([]);
  expect(await ask("select * from sworn.unit")).toEqual([]);

  const done = await bring({ makeUnits: true });
  expect(done.counts).toMatchObject({ added: 2, changed: 0, offered: 1 });
  expect(await ask("select email, badge from sworn.invitation order by email")).toEqual([
    { email: "adair@elm.example", badge: "4471" },
    { email: "brandt@elm.example", badge: "4472" },
  ]);
  // Nobody was changed without a tick; with one, the events say it.
  expect(await ask("select roles, badge from sworn.person where email like 'okafor%'")).toEqual([
    { roles: ["officer"], badge: "7" },
  ]);
  expect((await bring({ change: ["okafor@elm.example"] })).counts).toMatchObject({ added: 0, changed: 1 });
  expect(await ask("select roles, badge from sworn.person where email like 'okafor%'")).toEqual([
    { roles: ["supervisor", "officer"], badge: "8" },
  ]);
  const before = await ask("select count(*)::int as n from custody.entry");
  expect(await bring({ change: ["okafor@elm.example"] })).toMatchObject({ at: null, counts: { added: 0, changed: 0 } });
  expect(await ask("select count(*)::int as n from custody.entry")).toEqual(before);
});

it("who accepts comes in with the unit and badge of the table", async () => {
  const [adair] = await ask("select id from sworn.invitation where email like 'adair%'");
  const { url } = await renew(deps, admin, String(adair?.["id"]));
  await acceptInvitation(deps, new URL(url).hash.replace("#token=", ""), password);
  expect(
    await ask(
      "select p.badge, u.name from sworn.person p join sworn.unit u on u.id = p.unit_id where p.email like 'adair%'",
    ),
  ).toEqual([{ badge: "4471", name: "Watch 1" }]);
});

it("makes no thousands of units out of a column that holds something else", async () => {
  const deep = (row: number): string =>
    Array.from({ length: 100 }, (_, n) => `${row}-${n}`)
      .join("/")
      .slice(0, 400);
  const rows = Array.from({ length: 20 }, (_, row) => `Ofc. Many,many${row}@elm.example,officer,,${deep(row)}`);
  const content = Buffer.from(["Name,E-mail,Roles,Badge,Unit", ...rows].join("\n")).toString("base64");
  const request = ImportPeople.parse({ content, dryRun: true, makeUnits: true });
  await expect(importPeople(deps, { ...admin, roles: ["admin"] }, request)).rejects.toMatchObject({
    code: "request-malformed",
  });
});

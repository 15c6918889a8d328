import {
  type CustodyHistory,
  type Delegation,
  type DelegationList,
  type Incident,
  lentPermissions,
} from "@sworn/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callRoutes } from "../calls/index.ts";
import { checkDelegations } from "../check/check-delegations.ts";
import type { Report } from "../check/finding.ts";
import { actingCookie, actingIn } from "../identity/acting.ts";
import { type Answer, type MattersRig, openMattersRig } from "../incidents/incidents.testing.ts";
import { incidentRoutes } from "../incidents/index.ts";
import { markerRoutes } from "../markers/index.ts";
import { shiftRoutes } from "../shifts/index.ts";
import { statementRoutes } from "../statements/index.ts";
import { delegationRoutes } from "./index.ts";

let rig: MattersRig;
let [north, central, south, okafor, brandt, adair, admin, custodian, elsewhere] = ["", "", "", "", "", "", "", "", ""];
let [inNorth, inCentral, inSouth, own] = ["", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig((deps) => [
    ...delegationRoutes({ ...deps, publicUrl: () => "https://sworn.demo.example" }),
    ...incidentRoutes(deps),
    ...markerRoutes(deps),
    ...statementRoutes(deps),
    ...callRoutes(deps),
    ...shiftRoutes(deps),
  ]);
  north = await rig.unit("North");
  central = await rig.unit("Central");
  south = await rig.unit("South");
  await rig.sql("update sworn.unit set parent_id = $1 where id = $2", [north, central]);
  okafor = await rig.person(["supervisor", "officer"], north);
  brandt = await rig.person(["officer"], south);
  adair = await rig.person(["officer"], central);
  admin = await rig.person(["admin"]);
  custodian = await rig.person(["custodian"]);
  elsewhere = await rig.person(["supervisor"], null, rig.otherAgencyId);
  inNorth = await rig.item({ unitId: north });
  inCentral = await rig.item({ unitId: central });
  inSouth = await rig.item({ unitId: south });
  own = await rig.item({ personId: brandt, unitId: south });
}, 60_000);
afterAll(async () => await rig.close());

const DAY = 86_400_000;
const inDays = (days: number): string => new Date(rig.log.time.now + days * DAY).toISOString();
const lend = (who: string, of: object = {}): Promise<Answer<Delegation & { code?: string }>> =>
  rig.ask(who, "POST", "/api/v1/delegations", {
    toId: brandt,
    roles: ["supervisor"],
    until: inDays(7),
    reason: "Holiday",
    ...of,
  });
const lent = async (who: string, of: object = {}): Promise<string> => {
  const { status, body } = await lend(who, of);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const sees = async (who: string): Promise<string[]> => (await rig.lists(who, "")).toSorted();
const end = (who: string, id: string): Promise<Answer> =>
  rig.ask(who, "POST", `/api/v1/delegations/${id}/end`, { reason: "Back again" });

describe("reach that is lent", () => {
  it("is the giver's and nothing of one's own while one acts under it, and ends by itself", async () => {
    const id = await lent(okafor);
    expect(await sees(brandt)).toEqual([own]);
    expect(await sees(`${brandt};${id}`)).toEqual([inNorth, inCentral].toSorted());
    expect((await rig.ask(`${brandt};${id}`, "GET", `/api/v1/evidence/${own}`)).status).toBe(404);
    // Somebody else's delegation is nobody's.
    expect(await sees(`${adair};${id}`)).toEqual(await sees(adair));
    rig.log.time.now += 8 * DAY;
    expect(await sees(`${brandt};${id}`)).toEqual([own]);
    const { body } = await rig.ask<Delegation>(brandt, "GET", `/api/v1/delegations/${id}`);
    expect(body).toMatchObject({ state: "over", mayEnd: false, mayAct: false });
  });

  it("may be for one unit, may begin later, and follows what the giver has today", async () => {
    const part = await lent(okafor, { unitId: central });
    expect(await sees(`${brandt};${part}`)).toEqual([inCentral]);
    const whole = await lent(custodian, { roles: ["custodian"], unitId: south });
    expect(await sees(`${brandt};${whole}`)).toEqual([inSouth, own].toSorted());
    const later = await lent(okafor, { from: inDays(2) });
    expect(await sees(`${brandt};${later}`)).toEqual([own]);
    expect((await rig.ask(brandt, "PUT", "/api/v1/acting", { delegationId: later })).status).toBe(404);
    rig.log.time.now += 2 * DAY;
    expect(await sees(`${brandt};${later}`)).toEqual([inNorth, inCentral].toSorted());
    await rig.sql("update sworn.person set unit_id = $1 where id = $2", [central, okafor]);
    expect(await sees(`${brandt};${later}`)).toEqual([inCentral]);
    await rig.sql("update sworn.person set roles = '{officer}' where id = $1", [okafor]);
    expect(await sees(`${brandt};${later}`)).toEqual([own]);
    await rig.sql("update sworn.person set roles = '{supervisor,officer}', unit_id = $1 where id = $2", [
      north,
      okafor,
    ]);
    await rig.sql("update sworn.person set disabled_at = now() where id = $1", [okafor]);
    expect(await sees(`${brandt};${later}`)).toEqual([own]);
    await rig.sql("update sworn.person set disabled_at = null where id = $1", [okafor]);
  });

  it("is ended early by giver, receiver and who manages people, and by nobody else", async () => {
    for (const who of [okafor, brandt, admin]) {
      const id = await lent(okafor);
      for (const stranger of [adair, custodian, elsewhere]) expect((await end(stranger, id)).status).toBe(404);
      expect((await end(who, id)).body).toMatchObject({ state: "ended", endReason: "Back again" });
      expect((await end(who, id)).status).toBe(404);
      expect(await sees(`${brandt};${id}`)).toEqual([own]);
      for (const of of [okafor, brandt]) {
        const kinds = (await rig.events(of)).filter(({ details }) => details["delegation"] === id);
        expect(kinds.map(({ kind }) => kind)).toEqual(["delegation.made", "delegation.ended"]);
      }
    }
  });

  it("is not lent on, by a key's or a stranger's word, beyond one's own, or to somebody outside", async () => {
    const id = await lent(okafor);
    expect((await lend(`${brandt};${id}`, { toId: adair })).status).toBe(403);
    expect((await rig.ask(`${brandt};${id}`, "GET", "/api/v1/delegations")).body).toEqual({ items: [], next: null });
    const outside = await rig.person(["defence"]);
    for (const [who, of, status] of [
      [okafor, { roles: ["custodian"] }, 403],
      [okafor, { roles: ["auditor"] }, 400],
      [okafor, { unitId: south }, 400],
      [okafor, { toId: outside }, 400],
      [okafor, { toId: okafor }, 400],
      [okafor, { toId: elsewhere }, 400],
      [okafor, { until: inDays(-1) }, 400],
      [okafor, { until: inDays(181) }, 400],
      [okafor, { from: inDays(3), until: inDays(2) }, 400],
      [okafor, { reason: " " }, 400],
      [adair, {}, 403],
      [outside, { toId: adair }, 403],
    ] as const)
      expect((await lend(who, of)).status, JSON.stringify(of)).toBe(status);
  });

  it("does what outlasts no loan, and every event of it names both", async () => {
    const id = await lent(okafor);
    const as = `${brandt};${id}`;
    const { body: incident } = await rig.ask<Incident>(as, "POST", "/api/v1/incidents", { number: "26-LENT" });
    await rig.ask(as, "POST", `/api/v1/incidents/${incident.id}/evidence`, { ids: [inNorth] });
    const both = { onBehalfOf: okafor, delegation: id };
    for (const { kind, details } of await rig.events(incident.id)) expect(details, kind).toMatchObject(both);
    const { body } = await rig.ask<CustodyHistory>(okafor, "GET", `/api/v1/evidence/${inNorth}/custody`);
    const added = body.entries.find(({ kind }) => kind === "incident.evidence-added");
    expect(added).toMatchObject({ actor: { id: brandt }, behalf: { id: okafor } });
    expect(added?.sentence).toContain("(for Demo supervisor officer)");
    // Reading once as oneself and once for somebody else is two entries, each once.
    const read = async (who: string): Promise<void> => {
      for (let n = 0; n < 2; n += 1) await rig.ask(who, "GET", `/api/v1/evidence/${inNorth}/custody`);
    };
    await read(as);
    await read(okafor);
    const looks = (await rig.events(inNorth)).filter(({ kind }) => kind === "evidence.custody-read");
    expect(looks.map(({ details }) => details["onBehalfOf"] ?? null)).toEqual([null, okafor]);
    // Those who are locked out lend nobody their eyes.
    await rig.ask(custodian, "POST", `/api/v1/incidents/${incident.id}/locks`, {
      reason: "Force",
      personIds: [okafor],
    });
    expect(
      (await rig.ask(as, "POST", `/api/v1/incidents/${incident.id}/evidence/remove`, { ids: [inNorth] })).status,
    ).toBe(423);
  });

  it("reaches no calls, cameras or locks but the giver's, and ends with going outside", async () => {
    await rig.sql("update sworn.person set badge = case id when $1 then '4471' else 'B-117' end where id in ($1, $2)", [
      brandt,
      adair,
    ]);
    const times = { from: "2026-11-20T21:00:00Z", to: "2026-11-20T21:20:00Z" };
    const call = async (number: string, badge: string): Promise<string> =>
      (await rig.ask(custodian, "PUT", `/api/v1/calls/by-number/${number}`, { ...times, badges: [badge] })).body[
        "id"
      ] as string;
    const [answered, theirs] = [await call("26-OWN", "4471"), await call("26-CENTRAL", "B-117")];
    const opens = async (who: string): Promise<number[]> =>
      await Promise.all(
        [answered, theirs].map(async (id) => (await rig.ask(who, "GET", `/api/v1/calls/${id}`)).status),
      );
    const id = await lent(okafor);
    const part = await lent(custodian, { roles: ["custodian"], unitId: central });
    expect(await opens(brandt)).toEqual([200, 404]);
    expect(await opens(`${brandt};${id}`)).toEqual([404, 200]);
    expect(await opens(`${brandt};${part}`)).toEqual([404, 200]);

    // Bringing in a call says what another one of that number said before, whoever may see it.
    const again = {
      content: Buffer.from("number,from,to\n26-OWN,2026-11-20 21:00Z,2026-11-20 22:00Z").toString("base64"),
    };
    const bring = async (who: string): Promise<number> =>
      (await rig.ask(who, "POST", "/api/v1/calls/import", { ...again, dryRun: true })).status;
    expect([await bring(custodian), await bring(`${brandt};${part}`)]).toEqual([200, 403]);
    const put = rig.ask(`${brandt};${part}`, "PUT", "/api/v1/calls/by-number/26-OWN", times);
    expect((await put).status).toBe(403);

    // A camera is given to people of the unit that was lent.
    const device = crypto.randomUUID();
    await rig.sql("insert into sworn.device (id, agency_id, name) values ($1, $2, 'Camera 12')", [
      device,
      rig.agencyId,
    ]);
    const give = async (person: string): Promise<number> =>
      (await rig.ask(`${brandt};${part}`, "POST", "/api/v1/shifts", { device, person })).status;
    expect([await give(brandt), await give(adair)]).toEqual([400, 201]);
    // Nor by oneself to oneself: what it recorded would be theirs to see when the loan is over.
    const near = await rig.person(["officer"], central);
    const herself = await lent(custodian, { toId: near, roles: ["custodian"], unitId: central });
    const own = { device, person: near, from: inDays(-20), to: inDays(-19) };
    expect((await rig.ask(`${near};${herself}`, "POST", "/api/v1/shifts", own)).status).toBe(400);
    expect((await rig.ask(custodian, "POST", "/api/v1/shifts", own)).status).toBe(201);
    // Where units stand says who reaches what, for longer than a loan.
    expect(lentPermissions(["admin", "supervisor"])).not.toContain("unit.manage");

    // The giver's own lock is not placed, recorded or ended by whom they lent their reach.
    const locks = `/api/v1/evidence/${inNorth}/locks`;
    const { body: lock } = await rig.ask(custodian, "POST", locks, { reason: "Force", personIds: [okafor] });
    const as = `${brandt};${id}`;
    const path = `${locks}/${String(lock["id"])}/people/${okafor}/end`;
    expect((await rig.ask(as, "POST", path, { reason: "All said", mistake: true })).status).toBe(403);
    expect((await rig.ask(as, "POST", locks, { reason: "Force", personIds: [okafor] })).status).toBe(403);
    await rig.ask(custodian, "POST", path, { reason: "All said", mistake: true });

    // Whoever went over to the defence acts for nobody inside.
    expect(await sees(as)).toContain(inNorth);
    await rig.sql("update sworn.person set roles = '{defence}' where id = $1", [brandt]);
    expect(await sees(as)).not.toContain(inNorth);
    await rig.sql("update sworn.person set roles = '{officer}' where id = $1", [brandt]);
  });

  it("stands in the log as in its rows", async () => {
    const found: string[] = [];
    const report: Report = (code, table, id) => void found.push(`${code} ${table} ${id ?? ""}`);
    const check = (): Promise<void> =>
      rig.log.db.database.forAgency(rig.agencyId, (tx) => checkDelegations(tx, report));
    await check();
    expect(found).toEqual([]);
    const { body } = await rig.ask<DelegationList>(admin, "GET", "/api/v1/delegations?limit=1");
    const id = body.items[0]?.id ?? "";
    await rig.sql("update sworn.delegation set until_at = until_at + interval '1 year' where id = $1", [id]);
    await check();
    expect(found).toEqual([`row-altered sworn.delegation ${id}`]);
    await rig.sql("update sworn.delegation set until_at = until_at - interval '1 year' where id = $1", [id]);
  });

  it("is listed page by page to those it is about", async () => {
    const all: string[] = [];
    for (let next = ""; ;) {
      const path = `/api/v1/delegations?limit=2&person=${brandt}${next === "" ? "" : `&next=${next}`}`;
      const { body } = await rig.ask<DelegationList>(okafor, "GET", path);
      all.push(...body.items.map(({ id }) => id));
      if (body.next === null) break;
      next = body.next;
    }
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(4);
    expect((await rig.ask<DelegationList>(adair, "GET", "/api/v1/delegations")).body.items).toEqual([]);
    const choices = await rig.ask<{ items: { id: string }[] }>(okafor, "GET", "/api/v1/delegations/choices?q=demo");
    const ids = choices.body.items.map(({ id }) => id);
    expect(ids).toContain(brandt);
    expect(ids).not.toContain(okafor);
  });
});

it("the browser's word for whom it acts is a cookie that no script reads", () => {
  const id = "0194f000-0000-4000-8000-000000000000";
  expect(actingCookie(id, true)).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  expect(actingIn(`a=b; ${actingCookie(id, true).split(";")[0] ?? ""}; c=d`)).toBe(id);
  for (const odd of ["sworn_acting=", `xsworn_acting=${id}`, `sworn_acting=${id}x`, "sworn_acting=../../x"])
    expect(actingIn(odd)).toBeNull();
});

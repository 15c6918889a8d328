import type { SavedView, SavedViewList, Today, TodayGroup, Unit } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";
import { todayRoutes } from "../today/index.ts";
import { viewsRoutes } from "./index.ts";

let rig: RetentionRig;
let admin: string;
beforeAll(async () => {
  rig = await openRetentionRig((deps) => [...viewsRoutes(deps), ...todayRoutes(deps)]);
  admin = await rig.person(["admin"]);
}, 60_000);
afterAll(async () => await rig.close());

async function unit(name: string, parentId: string | null = null): Promise<string> {
  return (await rig.ask<Unit>(admin, "POST", "/api/v1/units", { name, parentId })).body.id;
}
const save = (who: string, name: string, more: object = {}): Promise<{ status: number; body: SavedView }> =>
  rig.ask(who, "POST", "/api/v1/views", { name, search: { is: "held", as: "list" }, ...more });
const change = (who: string, id: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> =>
  rig.ask(who, "PATCH", `/api/v1/views/${id}`, body);
const list = async (who: string): Promise<SavedViewList> =>
  (await rig.ask<SavedViewList>(who, "GET", "/api/v1/views")).body;
const names = async (who: string): Promise<string[]> => (await list(who)).items.map(({ name }) => name);

describe("views", () => {
  it("are one's own: others neither see, rename nor remove them", async () => {
    const [adair, brandt] = [await rig.person(["officer"]), await rig.person(["officer"])];
    const { status, body } = await save(adair, "Held");
    expect([status, body]).toMatchObject([201, { name: "Held", shared: "me", mine: true, search: { is: "held" } }]);
    expect(await names(adair)).toEqual(["Held"]);
    expect(await names(brandt)).toEqual([]);
    for (const given of [{ name: "Mine now" }, { removed: true }, { shared: "agency" }])
      expect((await change(brandt, body.id, given)).status).toBe(404);
    expect((await change(adair, randomUUID(), { name: "Nothing" })).status).toBe(404);
    expect((await save(adair, "Held")).body).toMatchObject({ code: "name-taken" });
    expect((await change(adair, body.id, { name: "Held by me" })).body).toMatchObject({ name: "Held by me" });
  });

  it("are shared by those who may, with a unit and all below it or with the agency, and stay their owner's", async () => {
    const east = await unit("East");
    const [watch, west] = [await unit("East watch", east), await unit("West")];
    const okafor = await rig.person(["supervisor"], east);
    const [below, beside] = [await rig.person(["officer"], watch), await rig.person(["officer"], west)];
    const { body: view } = await save(okafor, "Our holds", { shared: "unit" });
    expect(view).toMatchObject({ shared: "unit", unitId: east });
    expect(await names(below)).toEqual(["Our holds"]);
    expect(await names(beside)).toEqual([]);
    expect((await list(below)).items[0]).toMatchObject({ mine: false });
    expect((await change(below, view.id, { name: "Stolen" })).body).toMatchObject({ code: "not-allowed" });
    expect((await change(below, view.id, { removed: true })).status).toBe(403);
    const shared = await rig.ask<SavedView>(okafor, "POST", `/api/v1/views/${view.id}/share`, { shared: "agency" });
    expect(shared.body).toMatchObject({ shared: "agency", unitId: null });
    expect(await names(beside)).toEqual(["Our holds"]);
    // Who may not share may not by any of the three ways.
    expect((await save(below, "For all", { shared: "agency" })).status).toBe(403);
    const own = (await save(below, "Mine")).body;
    expect((await change(below, own.id, { shared: "unit" })).status).toBe(403);
    expect((await rig.ask(below, "POST", `/api/v1/views/${own.id}/share`, { shared: "unit" })).status).toBe(403);
    // Without a unit there is none to share with.
    expect((await save(await rig.person(["supervisor"]), "For my unit", { shared: "unit" })).status).toBe(400);
  });

  it("show nobody more than their own search: restricted items stay out of a shared view's list", async () => {
    const custodian = await rig.person(["custodian"]);
    const adair = await rig.person(["officer"]);
    const [own, other] = [await rig.item({ personId: adair }), await rig.item()];
    await save(custodian, "Everything", { search: {}, shared: "agency" });
    expect(await names(adair)).toContain("Everything");
    expect(await rig.sees(custodian)).toEqual(expect.arrayContaining([own, other]));
    expect(await rig.sees(adair)).toEqual([own]);
  });

  it("removed, are gone for everybody until their owner takes it back; one opens the library", async () => {
    const [okafor, adair] = [await rig.person(["supervisor"]), await rig.person(["officer"])];
    const { body: view } = await save(okafor, "To review", { shared: "agency" });
    const choose = (who: string, viewId: string | null): Promise<{ status: number }> =>
      rig.ask(who, "PUT", "/api/v1/views/default", { viewId });
    expect((await choose(adair, view.id)).status).toBe(204);
    expect((await list(adair)).defaultId).toBe(view.id);
    expect((await change(okafor, view.id, { removed: true })).status).toBe(200);
    expect((await names(adair)).includes("To review")).toBe(false);
    expect((await list(adair)).defaultId).toBeNull();
    expect((await choose(adair, view.id)).status).toBe(404);
    expect((await change(okafor, view.id, { name: "While gone" })).status).toBe(404);
    expect((await change(okafor, view.id, { removed: false })).status).toBe(200);
    expect((await list(adair)).defaultId).toBe(view.id);
    // A name that was taken in the meantime stands in the way of taking it back.
    await change(okafor, view.id, { removed: true });
    await save(okafor, "To review");
    expect((await change(okafor, view.id, { removed: false })).body).toMatchObject({ code: "name-taken" });
  });

  it.each([
    ["no name", { name: " " }],
    ["a name too long", { name: "x".repeat(81) }],
    ["a field that no address has", { search: { sort: "asc" } }],
    ["a value too long", { search: { q: "x".repeat(2001) } }],
    ["an unknown reach", { shared: "world" }],
    ["a unit that is chosen by hand", { unitId: randomUUID() }],
  ])("refuse %s", async (_what, wrong) => {
    expect((await save(admin, "View", wrong)).status).toBe(403);
    const adair = await rig.person(["officer"]);
    expect((await save(adair, "View", wrong)).body).toMatchObject({ code: "request-malformed" });
  });
});

describe("today", () => {
  const today = async (who: string): Promise<Today> => (await rig.ask<Today>(who, "GET", "/api/v1/today")).body;
  const group = async (who: string, kind: string): Promise<TodayGroup | undefined> =>
    (await today(who)).groups.find((one) => one.kind === kind);
  const aside = (who: string, keys: string[], until: string | null): Promise<{ status: number }> =>
    rig.ask(who, "POST", "/api/v1/today/aside", { keys, until });

  it("reminds people of what is theirs to do, and puts aside and takes back what they say", async () => {
    const [adair, brandt] = [await rig.person(["officer"]), await rig.person(["officer"])];
    const items = [await rig.item({ personId: adair }), await rig.item({ personId: adair })];
    const found = await group(adair, "uncategorised");
    expect(found).toMatchObject({ count: 2, capped: false });
    expect(found?.rows.map(({ evidenceId }) => evidenceId).toSorted()).toEqual(items.toSorted());
    expect(await group(brandt, "uncategorised")).toBeUndefined();
    const [key = "", other = ""] = found?.rows.map((row) => row.key) ?? [];
    expect((await aside(adair, [key], "2099-01-01T00:00:00.000Z")).status).toBe(204);
    expect((await aside(adair, [other], "2020-01-01T00:00:00.000Z")).status).toBe(204);
    expect(await today(adair)).toMatchObject({ aside: 1, groups: [{ count: 1, rows: [{ key: other }] }] });
    await rig.ask(adair, "POST", "/api/v1/today/take-back", { keys: [key] });
    expect((await group(adair, "uncategorised"))?.count).toBe(2);
    expect((await aside(adair, [], null)).status).toBe(400);
    // Another's list is their own.
    await aside(brandt, [key, other], null);
    expect((await group(adair, "uncategorised"))?.count).toBe(2);
  });

  it("announces reviews of one's own holds, soon and late, but of no item that one may no longer see", async () => {
    const [okafor, custodian] = [await rig.person(["supervisor"]), await rig.person(["custodian"])];
    const [late, soon, later] = [await rig.item(), await rig.item(), await rig.item()];
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const owner = await rig.log.db.owner();
    for (const [evidenceId, reviewOn] of [
      [late, day(-3)],
      [soon, day(5)],
      [later, day(60)],
    ] as const)
      await owner.query(
        `insert into sworn.hold (id, agency_id, evidence_id, reason, owner_id, review_on) values ($1, $2, $3, 'Demo', $4, $5)`,
        [randomUUID(), rig.agencyId, evidenceId, okafor, reviewOn],
      );
    const found = await group(okafor, "hold-review");
    expect(found?.rows.map(({ evidenceId, due }) => [evidenceId, due])).toEqual([
      [late, day(-3)],
      [soon, day(5)],
    ]);
    expect(await group(custodian, "hold-review")).toBeUndefined();
    await rig.ask(admin, "POST", "/api/v1/restricted-classes", { name: "Demo affairs", contact: "" });
    await owner.query(
      "update sworn.evidence set restricted_class_id = (select id from sworn.restricted_class limit 1) where id = $1",
      [late],
    );
    expect((await group(okafor, "hold-review"))?.rows.map(({ evidenceId }) => evidenceId)).toEqual([soon]);
  });

  it("counts up to a bound and says so, and reminds an admin of the recovery sheet alone", async () => {
    const adair = await rig.person(["officer"]);
    const owner = await rig.log.db.owner();
    await owner.query(
      `insert into sworn.evidence (id, agency_id, title, kind, state, person_id)
       select gen_random_uuid(), $1, 'Stop ' || n, 'video', 'stored', $2 from generate_series(1, 103) n`,
      [rig.agencyId, adair],
    );
    const found = await group(adair, "uncategorised");
    expect([found?.count, found?.capped, found?.rows.length]).toEqual([100, true, 5]);
    // What is put aside is not in the way of what is not.
    await aside(adair, found?.rows.map(({ key }) => key) ?? [], null);
    expect(await group(adair, "uncategorised")).toMatchObject({ count: 98, capped: false });
    await owner.query("delete from sworn.deployment");
    await owner.query("insert into sworn.deployment (log_origin, log_vkey) values ('demo', 'demo')");
    expect((await today(admin)).groups.map(({ kind }) => kind)).toEqual(["recovery-sheet"]);
    expect((await today(await rig.person(["trainer"]))).groups).toEqual([]);
  });
});

import type { Assignment, AssignmentList, Evidence, ImportAnswer, ShiftChoices } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wearerAt } from "../access/index.ts";
import { type MattersRig, openMattersRig } from "../incidents/incidents.testing.ts";
import { shiftRoutes } from "./index.ts";

let rig: MattersRig;
let [central, north, custodian, okafor, adair, brandt, stranger, elsewhere] = ["", "", "", "", "", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig(shiftRoutes);
  [central, north] = [await rig.unit("Central"), await rig.unit("North")];
  custodian = await rig.person(["custodian"]);
  okafor = await rig.person(["supervisor"], central);
  adair = await rig.person(["officer"], central);
  brandt = await rig.person(["officer"], central);
  stranger = await rig.person(["officer"], north);
  elsewhere = await rig.person(["custodian"], null, rig.otherAgencyId);
  await rig.sql("update sworn.person set badge = 'B-117' where id = $1", [adair]);
}, 60_000);
afterAll(async () => await rig.close());

let count = 0;
async function camera(personId: string | null = null): Promise<{ id: string; name: string }> {
  const of = { id: randomUUID(), name: `VX-${(count += 1)}` };
  await rig.sql("insert into sworn.device (id, agency_id, name, person_id) values ($1, $2, $3, $4)", [
    of.id,
    rig.agencyId,
    of.name,
    personId,
  ]);
  return of;
}
async function recorded(device: string, at: string, personId: string | null, unitId = central): Promise<string> {
  const id = await rig.item({ recordedAt: at, unitId, ...(personId === null ? {} : { personId }) });
  await rig.sql("update sworn.evidence set device_id = $1 where id = $2", [device, id]);
  return id;
}
const out = (who: string, body: object): ReturnType<typeof rig.ask<Assignment>> =>
  rig.ask<Assignment>(who, "POST", "/api/v1/shifts", body);
const wearer = (device: string, at: string): Promise<string | null> =>
  rig.log.db.database.forAgency(rig.agencyId, (tx) => wearerAt(tx, device, new Date(at)));
const wears = async (id: string): Promise<string | null> =>
  (await rig.ask<Evidence>(custodian, "GET", `/api/v1/evidence/${id}`)).body.person?.id ?? null;

it("a camera is scanned out to a badge and in again; one wearer at a time, whoever is first", async () => {
  const { id, name } = await camera();
  const from = new Date(rig.deps.clock.now() - 3_600_000).toISOString();
  const given = await out(okafor, { device: name, person: "b-117", from });
  expect(given.body).toMatchObject({ device: { id }, person: { id: adair, badge: "B-117" }, from, to: null });
  const twice = await out(okafor, { device: id, person: brandt });
  expect(twice.body).toMatchObject({ status: 409, code: "shift-overlap" });
  expect(
    (await rig.ask<AssignmentList>(okafor, "GET", "/api/v1/shifts?open=1")).body.items.map((each) => each.id),
  ).toContain(given.body.id);
  const back = await rig.ask<Assignment>(okafor, "POST", "/api/v1/shifts/check-in", { device: name });
  expect(back.body.to).not.toBeNull();
  expect((await rig.ask(okafor, "POST", "/api/v1/shifts/check-in", { device: name })).status).toBe(404);
  const spare = await camera();
  const both = await Promise.all([adair, brandt].map((person) => out(custodian, { device: spare.id, person })));
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  expect((await rig.events(id)).map(({ kind }) => kind)).toEqual(["device.assigned", "device.assignment-changed"]);
});

it("says whose a recording is at its start: by the shift, else by whom the camera belongs to, else nobody's", async () => {
  const { id } = await camera(brandt);
  await out(custodian, { device: id, person: adair, from: "2026-11-20T08:00:00Z", to: "2026-11-20T16:00:00Z" });
  expect(await wearer(id, "2026-11-20T08:00:00Z")).toBe(adair);
  expect(await wearer(id, "2026-11-20T15:59:59Z")).toBe(adair);
  expect(await wearer(id, "2026-11-20T16:00:00Z")).toBe(brandt);
  expect(await wearer((await camera()).id, "2026-11-20T12:00:00Z")).toBeNull();
});

it("a later correction gives recordings to who wore the camera, with an event each, and only those one may see", async () => {
  const { id } = await camera();
  const [seen, hidden] = [
    await recorded(id, "2026-11-19T09:00:00Z", null),
    await recorded(id, "2026-11-19T09:30:00Z", null, north),
  ];
  const nobodys = await rig.item({ recordedAt: "2026-11-19T10:00:00Z" });
  await rig.sql("update sworn.evidence set device_id = $1 where id = $2", [id, nobodys]);
  const times = { from: "2026-11-19T08:00:00Z", to: "2026-11-19T16:00:00Z" };
  const shift = await out(okafor, { device: id, person: adair, ...times });
  expect([await wears(seen), await wears(hidden), await wears(nobodys)]).toEqual([adair, null, null]);
  expect(await rig.lists(adair, "")).toContain(seen);
  expect((await rig.events(seen)).at(-1)).toMatchObject({
    kind: "evidence.wearer-changed",
    details: { person: adair, before: null },
  });
  // Who sees all corrects all; an item of no unit gets that of its wearer.
  const path = `/api/v1/shifts/${shift.body.id}`;
  await rig.ask(custodian, "PATCH", path, { person: brandt });
  expect([await wears(seen), await wears(hidden), await wears(nobodys)]).toEqual([brandt, brandt, brandt]);
  expect(await rig.sql("select unit_id from sworn.evidence where id = $1", [nobodys])).toEqual([{ unit_id: central }]);
  expect(await rig.lists(adair, "")).not.toContain(seen);
  await rig.ask(custodian, "PATCH", path, { withdrawn: true });
  expect(await wears(seen)).toBeNull();
  expect((await rig.ask(custodian, "PATCH", path, { to: null })).status).toBe(404);
});

it("a supervisor gives cameras to their own people; bad requests change nothing; other agencies see nothing", async () => {
  const { id } = await camera();
  expect((await out(okafor, { device: id, person: stranger })).status).toBe(400);
  expect((await out(okafor, { device: "VX-none", person: adair })).status).toBe(400);
  expect((await out(adair, { device: id, person: adair })).status).toBe(403);
  expect((await out(elsewhere, { device: id, person: adair })).status).toBe(400);
  const late = { device: id, person: adair, from: "2026-11-20T10:00:00Z", to: "2026-11-20T09:00:00Z" };
  expect((await out(okafor, late)).status).toBe(400);
  expect((await out(okafor, { device: id, person: adair, from: "2020-01-01T00:00:00Z" })).status).toBe(400);
  expect((await rig.ask<AssignmentList>(elsewhere, "GET", "/api/v1/shifts")).body.items).toEqual([]);
  const choices = await rig.ask<ShiftChoices>(okafor, "GET", "/api/v1/shifts/choices");
  expect(choices.body.people.map((person) => person.id).toSorted()).toEqual([okafor, adair, brandt].toSorted());
});

it("shifts come by a table: what is wrong is named, what is here already changes nothing", async () => {
  const [one, two] = [await camera(), await camera()];
  const day = new Date(rig.deps.clock.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  const table = [
    "Serial,Badge,Start,End",
    `${one.name},B-117,${day}T08:00Z,${day}T16:00Z`,
    `${one.name},b-117,${day}T15:00Z,${day}T18:00Z`,
    `${two.name},nobody,${day}T08:00Z,${day}T16:00Z`,
    `VX-none,B-117,${day}T08:00Z,${day}T16:00Z`,
    `${two.name},B-117,${day}T16:00Z,${day}T08:00Z`,
    `${two.name},B-117,1999-01-01T08:00Z,`,
    `${two.name},B-117,${day}T08:00Z,${day}T16:00Z`,
  ].join("\n");
  const id = await recorded(one.id, `${day}T09:00:00Z`, null);
  const bring = async (who: string, dryRun = false): Promise<ImportAnswer> => {
    const content = Buffer.from(table).toString("base64");
    return (await rig.ask<ImportAnswer>(who, "POST", "/api/v1/shifts/import", { content, dryRun })).body;
  };
  const dry = await bring(custodian, true);
  expect(dry.errors.map(({ line, fault }) => [line, fault])).toEqual([
    [3, "overlap"],
    [4, "badge-unknown"],
    [5, "device-unknown"],
    [6, "reversed"],
    [7, "too-old"],
  ]);
  expect([dry.counts.added, await wears(id)]).toEqual([2, null]);
  expect((await bring(custodian)).counts.added).toBe(2);
  expect(await wears(id)).toBe(adair);
  expect(await bring(custodian)).toMatchObject({ counts: { added: 0, unchanged: 2 }, at: null });
  // A supervisor gives no camera to another unit's people: their badge is nobody's there.
  const north_ = await rig.person(["supervisor"], north);
  expect((await bring(north_, true)).errors.filter(({ fault }) => fault === "badge-unknown").length).toBe(4);
});

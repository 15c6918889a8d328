import type {
  CustodyHistory,
  Incident,
  IncidentList,
  MatterItem,
  MembershipAnswer,
  Suggestions,
  Task,
  TimelineEntry,
} from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { incidentRoutes } from "./index.ts";
import { type MattersRig, openMattersRig } from "./incidents.testing.ts";

let rig: MattersRig;
let [central, north] = ["", ""];
let [custodian, okafor, northern, adair, brandt, auditor, elsewhere] = ["", "", "", "", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig(incidentRoutes);
  [central, north] = [await rig.unit("Central"), await rig.unit("North")];
  custodian = await rig.person(["custodian"]);
  okafor = await rig.person(["supervisor"], central);
  northern = await rig.person(["supervisor"], north);
  adair = await rig.person(["officer"], central);
  brandt = await rig.person(["officer"], north);
  auditor = await rig.person(["auditor"]);
  elsewhere = await rig.person(["custodian"], null, rig.otherAgencyId);
}, 60_000);
afterAll(async () => await rig.close());

let count = 0;
async function open(who: string, more: object = {}): Promise<Incident> {
  const number = `26-${(count += 1)}`;
  const answer = await rig.ask<Incident>(who, "POST", "/api/v1/incidents", { number, ...more });
  expect(answer.status).toBe(201);
  return answer.body;
}
const add = (who: string, id: string, ids: string[], more: object = {}): ReturnType<typeof rig.ask<MembershipAnswer>> =>
  rig.ask<MembershipAnswer>(who, "POST", `/api/v1/incidents/${id}/evidence`, { ids, ...more });
const give = (
  who: string,
  number: string,
  ids: string[],
  more: object = {},
): ReturnType<typeof rig.ask<MembershipAnswer>> =>
  rig.ask<MembershipAnswer>(who, "POST", "/api/v1/evidence/incident", { ids, number, ...more });
const remove = (who: string, id: string, ids: string[]): ReturnType<typeof rig.ask<MembershipAnswer>> =>
  rig.ask<MembershipAnswer>(who, "POST", `/api/v1/incidents/${id}/evidence/remove`, { ids });
const sees = async (who: string, id: string): Promise<number> =>
  (await rig.ask(who, "GET", `/api/v1/incidents/${id}`)).status;

describe("an incident", () => {
  it("says what happened; changes are logged without its words, and bad ones are refused", async () => {
    const incident = await open(okafor, { kind: "Traffic stop", place: "Elm St & 4th", from: "2026-11-20T21:00:00Z" });
    expect(incident).toMatchObject({ unit: { id: central }, state: "open", evidence: 0, openTasks: 0 });
    const path = `/api/v1/incidents/${incident.id}`;
    const change = {
      to: "2026-11-20T21:30:00Z",
      people: [{ role: "driver", name: "D. Demo" }],
      outcomes: [{ kind: "citation", on: "2026-11-20" }],
      state: "closed",
    };
    const changed = await rig.ask<Incident>(okafor, "PATCH", path, change);
    expect(changed.body).toMatchObject({ place: "Elm St & 4th", state: "closed", outcomes: [{ kind: "citation" }] });
    const said = JSON.stringify(await rig.events(incident.id));
    expect(said).not.toMatch(/Elm|Demo/);
    expect((await rig.events(incident.id)).map(({ kind }) => kind)).toEqual(["incident.created", "incident.changed"]);
    for (const bad of [
      { to: "2026-11-20T20:00:00Z" },
      { lat: 41 },
      { number: " " },
      { number: "x".repeat(61) },
      { people: [{ role: "", name: "x" }] },
      { outcomes: [{ kind: "medal" }] },
      { unitId: randomUUID() },
      { place: "a\u0000b" },
      { from: "0001-01-01T00:00:00Z" },
    ])
      expect((await rig.ask(okafor, "PATCH", path, bad)).status, JSON.stringify(bad)).toBe(400);
    const taken = await rig.ask(okafor, "POST", "/api/v1/incidents", { number: incident.number });
    expect(taken.body).toMatchObject({ status: 409, code: "name-taken" });
    expect((await rig.ask(adair, "PATCH", path, { state: "open" })).status).toBe(403);
  });

  it("is there for its unit's supervisors, agency readers, its maker and who may see an item of it; for nobody else", async () => {
    const incident = await open(okafor);
    const [one, other] = [
      await rig.item({ personId: adair, unitId: central }),
      await rig.item({ personId: brandt, unitId: north }),
    ];
    await add(custodian, incident.id, [one]);
    expect(await Promise.all([custodian, auditor, okafor, adair].map((who) => sees(who, incident.id)))).toEqual([
      200, 200, 200, 200,
    ]);
    expect(await Promise.all([northern, brandt, elsewhere].map((who) => sees(who, incident.id)))).toEqual([
      404, 404, 404,
    ]);
    for (const part of ["evidence", "notes", "tasks", "timeline", "suggestions"])
      expect((await rig.ask(brandt, "GET", `/api/v1/incidents/${incident.id}/${part}`)).status, part).toBe(404);
    expect((await rig.ask(brandt, "POST", `/api/v1/incidents/${incident.id}/notes`, { words: "x" })).status).toBe(404);
    const listed = await rig.ask<IncidentList>(brandt, "GET", "/api/v1/incidents?limit=200");
    expect(listed.body.items.map(({ id }) => id)).not.toContain(incident.id);
    // What one does not see inside is neither shown nor counted nor told of.
    await add(custodian, incident.id, [other]);
    const read = await rig.ask<Incident>(adair, "GET", `/api/v1/incidents/${incident.id}`);
    expect(read.body.evidence).toBe(1);
    expect((await rig.ask<Incident>(custodian, "GET", `/api/v1/incidents/${incident.id}`)).body.evidence).toBe(2);
    const items = await rig.ask<{ items: MatterItem[] }>(adair, "GET", `/api/v1/incidents/${incident.id}/evidence`);
    expect(items.body.items.map(({ id }) => id)).toEqual([one]);
    const timeline = await rig.ask<{ items: TimelineEntry[] }>(
      adair,
      "GET",
      `/api/v1/incidents/${incident.id}/timeline`,
    );
    expect(timeline.body.items.map(({ kind }) => kind)).toEqual(["event", "event", "evidence"].toSorted());
    expect(JSON.stringify(timeline.body)).not.toContain(other);
    expect(await rig.lists(adair, `incident=${incident.number}`)).toEqual([one]);
    expect((await rig.lists(custodian, `incident=${incident.number}`)).toSorted()).toEqual([one, other].toSorted());
    expect(await rig.lists(northern, `incident=${incident.number}`)).toEqual([other]);
    expect(await rig.lists(elsewhere, `incident=${incident.number}`)).toEqual([]);
  });

  it("takes items by hand with a preview; both histories say so; undo is the opposite", async () => {
    const incident = await open(okafor);
    const items = [await rig.item({ unitId: central }), await rig.item({ unitId: central })];
    const hidden = await rig.item({ unitId: north });
    const preview = await add(okafor, incident.id, [...items, hidden], { dryRun: true });
    expect(preview.body).toMatchObject({ missing: [hidden], unchanged: [] });
    expect(await rig.lists(okafor, `incident=${incident.number}`)).toEqual([]);
    expect((await add(okafor, incident.id, [...items, hidden])).body).toEqual(preview.body);
    expect((await add(okafor, incident.id, items)).body).toMatchObject({
      changed: [],
      unchanged: expect.any(Array) as unknown,
    });
    expect((await rig.events(items[0] ?? "")).at(-1)).toMatchObject({
      kind: "incident.evidence-added",
      details: { incident: incident.id, number: incident.number, how: "hand" },
    });
    const back = await remove(okafor, incident.id, items);
    expect(back.body.changed.map(({ id }) => id).toSorted()).toEqual(items.toSorted());
    expect((await rig.events(incident.id)).slice(-2)).toMatchObject([
      { kind: "incident.evidence-removed" },
      { kind: "incident.evidence-removed" },
    ]);
    expect((await rig.ask(auditor, "POST", `/api/v1/incidents/${incident.id}/evidence`, { ids: items })).status).toBe(
      403,
    );
    expect((await add(okafor, incident.id, [])).status).toBe(400);
  });

  it("is made by a number that is new; one that is guessed opens nothing until somebody who sees it confirms", async () => {
    const own = await rig.item({ personId: brandt, unitId: north });
    const fresh = await give(brandt, "26-new", [own]);
    expect(fresh.body.matter.id).not.toBeNull();
    expect(await sees(brandt, fresh.body.matter.id ?? "")).toBe(200);
    expect((await give(brandt, "26-none", [randomUUID()])).body).toMatchObject({ matter: { id: null }, changed: [] });
    expect(await rig.sql("select from sworn.incident where number = '26-none'")).toEqual([]);

    const secret = await open(okafor, { kind: "Complaint" });
    const guess = await give(brandt, secret.number, [own]);
    expect(guess.body).toMatchObject({ matter: { id: null, number: secret.number }, changed: [{ id: own }] });
    expect(await sees(brandt, secret.id)).toBe(404);
    expect(await rig.lists(brandt, `incident=${secret.number}`)).toEqual([]);
    const shown = await rig.ask<{ items: { number: string }[] }>(brandt, "GET", `/api/v1/evidence/${own}/incidents`);
    expect(shown.body.items.map(({ number }) => number)).toEqual(["26-new"]);
    const waiting = await rig.ask<{ items: MatterItem[] }>(custodian, "GET", `/api/v1/incidents/${secret.id}/evidence`);
    expect(waiting.body.items).toMatchObject([{ id: own, confirmed: false, how: "number" }]);
    // Giving it once more confirms nothing.
    await give(brandt, secret.number, [own]);
    expect(await sees(brandt, secret.id)).toBe(404);
    expect((await add(custodian, secret.id, [own])).body.changed).toHaveLength(1);
    expect(await sees(brandt, secret.id)).toBe(200);
    // Who may only add takes back only what they added: the custodian did, by confirming.
    expect((await remove(brandt, secret.id, [own])).body).toMatchObject({ changed: [], unchanged: [own] });
    expect((await remove(northern, secret.id, [own])).body.changed).toHaveLength(1);
  });

  it("that one may not see is not named in the item's history: neither by number nor by id, and the proof stays", async () => {
    const own = await rig.item({ personId: brandt, unitId: central });
    const secret = await open(okafor, { kind: "Complaint" });
    // By its number: brandt sees the item, not the incident.
    await give(brandt, secret.number, [own]);
    const read = async (who: string): Promise<CustodyHistory["entries"]> =>
      (await rig.ask<CustodyHistory>(who, "GET", `/api/v1/evidence/${own}/custody`)).body.entries;
    const [told] = (await read(brandt)).filter(({ kind }) => kind === "incident.evidence-added");
    expect(told).toMatchObject({ event: null, salt: null, sealed: false });
    expect(told?.commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(told?.sentence).toMatch(/added the item to the incident\.$/);
    const all = JSON.stringify(await read(brandt));
    for (const hidden of [secret.number, secret.id]) expect(all).not.toContain(hidden);
    const [full] = (await read(custodian)).filter(({ kind }) => kind === "incident.evidence-added");
    expect(full?.sentence).toContain(secret.number);
    expect(full?.event).toContain(secret.id);
  });

  it("suggests items of its time with the reasons, and only those one may see", async () => {
    const incident = await open(okafor, {
      from: "2026-10-05T10:00:00Z",
      to: "2026-10-05T10:20:00Z",
      lat: 41.3,
      lon: -72.9,
    });
    const at = (recordedAt: string, more = {}): Promise<string> => rig.item({ unitId: central, recordedAt, ...more });
    const known = await at("2026-10-05T10:01:00Z", { personId: adair });
    const same = await at("2026-10-05T10:22:00Z", { personId: adair });
    const before = await at("2026-10-05T09:45:00Z");
    await at("2026-10-05T12:00:00Z", { personId: adair });
    const hidden = await rig.item({ unitId: north, recordedAt: "2026-10-05T10:05:00Z" });
    await rig.sql(
      "insert into sworn.file (id, agency_id, evidence_id, role, media_type, state) values ($1, $2, $3, 'track', 'x', 'stored')",
      [hidden, rig.agencyId, hidden],
    );
    await rig.sql(
      "insert into sworn.track (evidence_id, agency_id, file_id, source, fixes, west, south, east, north) values ($1, $2, $1, 'gpmf', 2, -72.9, 41.3, -72.9, 41.3)",
      [hidden, rig.agencyId],
    );
    await add(okafor, incident.id, [known]);
    const asked = await rig.ask<Suggestions>(okafor, "GET", `/api/v1/incidents/${incident.id}/suggestions`);
    expect(asked.body.items.map(({ id, reasons }) => [id, reasons])).toEqual([
      [same, ["time", "wearer", "unit"]],
      [before, ["time", "unit"]],
    ]);
    const all = await rig.ask<Suggestions>(custodian, "GET", `/api/v1/incidents/${incident.id}/suggestions`);
    expect(all.body.items.find(({ id }) => id === hidden)?.reasons).toEqual(["time", "place"]);
    const never = await open(okafor);
    expect((await rig.ask<Suggestions>(okafor, "GET", `/api/v1/incidents/${never.id}/suggestions`)).body.items).toEqual(
      [],
    );
  });

  it("has notes that stay, tasks that are done, and a timeline that holds all in order, page by page", async () => {
    const incident = await open(okafor);
    const path = `/api/v1/incidents/${incident.id}`;
    await add(okafor, incident.id, [await rig.item({ unitId: central, title: "The stop" })]);
    const note = await rig.ask<{ id: string }>(okafor, "POST", `${path}/notes`, {
      words: "Asked the shop for its camera.",
    });
    const task = await rig.ask<Task>(okafor, "POST", `${path}/tasks`, {
      words: "Call the shop",
      ownerId: adair,
      dueOn: "2026-12-01",
    });
    expect((await rig.ask<Incident>(okafor, "GET", path)).body.openTasks).toBe(1);
    const done = await rig.ask<Task>(okafor, "PATCH", `${path}/tasks/${task.body.id}`, { done: true });
    expect(done.body).toMatchObject({ words: "Call the shop", doneBy: "Demo supervisor", owner: { id: adair } });
    const other = await open(okafor);
    expect(
      (await rig.ask(okafor, "PATCH", `/api/v1/incidents/${other.id}/tasks/${task.body.id}`, { done: false })).status,
    ).toBe(404);
    expect((await rig.ask(okafor, "POST", `${path}/tasks`, { words: "x", ownerId: randomUUID() })).status).toBe(400);
    expect((await rig.ask(okafor, "POST", `${path}/notes`, { words: "x".repeat(4001) })).status).toBe(400);
    const seen: TimelineEntry[] = [];
    for (let next: string | null = ""; next !== null;) {
      const page: { items: TimelineEntry[]; next: string | null } = (
        await rig.ask<{ items: TimelineEntry[]; next: string | null }>(
          okafor,
          "GET",
          `${path}/timeline?limit=2${next === "" ? "" : `&next=${next}`}`,
        )
      ).body;
      seen.push(...page.items);
      next = page.next;
    }
    expect(seen.map(({ kind }) => kind).toSorted()).toEqual(["event", "event", "event", "event", "evidence", "note"]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
    expect(seen.find(({ kind }) => kind === "note")).toMatchObject({
      id: note.body.id,
      words: "Asked the shop for its camera.",
    });
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted());
    expect((await rig.ask(okafor, "GET", `${path}/timeline?next=nonsense`)).status).toBe(400);
    const changed = await rig.log.db.database
      .forAgency(rig.agencyId, (tx) => tx.deleteFrom("sworn.matter_note").where("id", "=", note.body.id).execute())
      .catch((error: unknown) => String(error));
    expect(changed).toMatch(/permission denied/);
  });
});

describe("the list", () => {
  it("finds by text, wildcards as letters, and by state; pages do not lose or repeat", async () => {
    const numbers = await Promise.all(
      [1, 2, 3].map(async (n) => (await open(custodian, { kind: `Pursuit 100%_${n}` })).number),
    );
    const found = await rig.ask<IncidentList>(
      custodian,
      "GET",
      `/api/v1/incidents?q=${encodeURIComponent("100%_")}&limit=2`,
    );
    const rest = await rig.ask<IncidentList>(
      custodian,
      "GET",
      `/api/v1/incidents?q=${encodeURIComponent("100%_")}&limit=2&next=${found.body.next ?? ""}`,
    );
    expect([...found.body.items, ...rest.body.items].map(({ number }) => number).toSorted()).toEqual(
      numbers.toSorted(),
    );
    expect(rest.body.next).toBeNull();
    expect((await rig.ask<IncidentList>(custodian, "GET", "/api/v1/incidents?q=100%25x")).body.items).toEqual([]);
    expect(
      (await rig.ask<IncidentList>(custodian, "GET", "/api/v1/incidents?q=Pursuit&state=closed")).body.items,
    ).toEqual([]);
    expect((await rig.ask(custodian, "GET", "/api/v1/incidents?state=lost")).status).toBe(400);
  });
});

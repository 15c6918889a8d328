import type { Case, CaseList, ContentsAnswer, Incident, IncidentList, MatterItem } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { incidentRoutes } from "../incidents/index.ts";
import { type MattersRig, openMattersRig } from "../incidents/incidents.testing.ts";
import { caseRoutes, listEvidenceOfCase } from "./index.ts";

let rig: MattersRig;
let central = "";
let [custodian, okafor, adair, elsewhere] = ["", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig((deps) => [...incidentRoutes(deps), ...caseRoutes(deps)]);
  central = await rig.unit("Central");
  custodian = await rig.person(["custodian"]);
  okafor = await rig.person(["supervisor"], central);
  adair = await rig.person(["officer"], central);
  elsewhere = await rig.person(["custodian"], null, rig.otherAgencyId);
}, 60_000);
afterAll(async () => await rig.close());

async function open(who: string, more: object = {}): Promise<Case> {
  const answer = await rig.ask<Case>(who, "POST", "/api/v1/cases", {
    number: `C-${randomUUID().slice(0, 8)}`,
    title: "State v. Demo",
    ...more,
  });
  expect(answer.status).toBe(201);
  return answer.body;
}
const contents = (
  who: string,
  id: string,
  verb: "add" | "remove",
  of: object,
): ReturnType<typeof rig.ask<ContentsAnswer>> =>
  rig.ask<ContentsAnswer>(who, "POST", `/api/v1/cases/${id}/contents/${verb}`, of);

it("gathers incidents and items, each once; what one may not see is neither shown nor counted", async () => {
  const file = await open(custodian, { unitId: central });
  const [own, ofIncident, hidden, waiting] = [
    await rig.item({ unitId: central, personId: adair }),
    await rig.item({ unitId: central }),
    await rig.item(),
    await rig.item(),
  ];
  const { body: incident } = await rig.ask<Incident>(custodian, "POST", "/api/v1/incidents", { number: "26-1" });
  await rig.ask(custodian, "POST", `/api/v1/incidents/${incident.id}/evidence`, {
    ids: [own, ofIncident, hidden, waiting],
  });
  await rig.sql("update sworn.incident_evidence set opens = false where evidence_id = $1", [waiting]);
  const put = await contents(custodian, file.id, "add", {
    evidenceIds: [own, own],
    incidentIds: [incident.id, randomUUID()],
  });
  expect(put.body).toMatchObject({ changed: [incident.id, own], missing: [expect.any(String)] });
  expect((await contents(custodian, file.id, "add", { evidenceIds: [own] })).body.unchanged).toEqual([own]);

  const read = async (who: string): Promise<Case> => (await rig.ask<Case>(who, "GET", `/api/v1/cases/${file.id}`)).body;
  expect(await read(custodian)).toMatchObject({ incidents: 1, evidence: 3 });
  expect(await read(okafor)).toMatchObject({ incidents: 1, evidence: 2 });
  const items = await rig.ask<{ items: MatterItem[] }>(okafor, "GET", `/api/v1/cases/${file.id}/evidence`);
  expect(items.body.items.map(({ id }) => id).toSorted()).toEqual([own, ofIncident].toSorted());
  const incidents = await rig.ask<IncidentList>(okafor, "GET", `/api/v1/cases/${file.id}/incidents`);
  expect(incidents.body.items.map(({ number, evidence }) => [number, evidence])).toEqual([["26-1", 2]]);
  const all = await rig.log.db.database.forAgency(rig.agencyId, (tx) => listEvidenceOfCase(tx, file.id));
  expect(all).toEqual([own, ofIncident, hidden].toSorted());

  // The officer reads the incident, and not that something is prepared; the supervisor not of the incident they do not see.
  const story = async (who: string, path: string): Promise<string> =>
    JSON.stringify((await rig.ask(who, "GET", `/api/v1/${path}/timeline`)).body);
  expect(await story(custodian, `incidents/${incident.id}`)).toContain(file.number);
  expect(await story(adair, `incidents/${incident.id}`)).toContain("opened the incident 26-1");
  expect(await story(adair, `incidents/${incident.id}`)).not.toContain(file.number);
  expect(await story(okafor, `cases/${file.id}`)).toContain("added an incident");
  await rig.sql("update sworn.incident_evidence set opens = false where incident_id = $1", [incident.id]);
  expect(await story(okafor, `cases/${file.id}`)).not.toContain("added an incident");
  await rig.sql("update sworn.incident_evidence set opens = true where incident_id = $1", [incident.id]);

  // Both sides tell of it.
  expect((await rig.events(own)).at(-1)).toMatchObject({
    kind: "case.evidence-added",
    details: { number: file.number },
  });
  expect((await rig.events(incident.id)).at(-1)).toMatchObject({
    kind: "case.incident-added",
    details: { case: file.id },
  });
  expect((await contents(okafor, file.id, "remove", { evidenceIds: [hidden] })).body.missing).toEqual([hidden]);
  await contents(custodian, file.id, "remove", { incidentIds: [incident.id] });
  expect(await read(custodian)).toMatchObject({ incidents: 0, evidence: 1 });
});

it("is there for agency readers, its unit's supervisors and its maker; an item in it opens it for nobody", async () => {
  const file = await open(custodian, { unitId: central });
  await contents(custodian, file.id, "add", { evidenceIds: [await rig.item({ personId: adair, unitId: central })] });
  const status = async (who: string): Promise<number> => (await rig.ask(who, "GET", `/api/v1/cases/${file.id}`)).status;
  expect(await Promise.all([custodian, okafor, elsewhere].map(status))).toEqual([200, 200, 404]);
  expect(await status(adair)).toBe(403);
  const apart = await open(custodian);
  expect((await rig.ask(okafor, "GET", `/api/v1/cases/${apart.id}`)).status).toBe(404);
  expect((await contents(okafor, apart.id, "add", { evidenceIds: [await rig.item({ unitId: central })] })).status).toBe(
    404,
  );
  const listed = await rig.ask<CaseList>(okafor, "GET", "/api/v1/cases?q=State&limit=200");
  expect(listed.body.items.map(({ id }) => id)).not.toContain(apart.id);
  expect((await rig.ask<CaseList>(elsewhere, "GET", "/api/v1/cases")).body.items).toEqual([]);
});

it("is changed and closed; a supervisor cannot give it away unseen; bad requests change nothing", async () => {
  const file = await open(okafor, { people: [{ role: "defendant", name: "D. Demo" }] });
  const path = `/api/v1/cases/${file.id}`;
  expect(
    (await rig.ask<Case>(okafor, "PATCH", path, { state: "closed", title: "State v. Demo II" })).body,
  ).toMatchObject({
    state: "closed",
    title: "State v. Demo II",
    people: [{ name: "D. Demo" }],
    unit: { id: central },
  });
  for (const bad of [{ title: "" }, { number: "x".repeat(61) }, { unitId: randomUUID() }, { state: "lost" }])
    expect((await rig.ask(okafor, "PATCH", path, bad)).status).toBe(400);
  const taken = await rig.ask(okafor, "POST", "/api/v1/cases", { number: file.number, title: "x" });
  expect(taken.body).toMatchObject({ code: "name-taken" });
  const note = await rig.ask(okafor, "POST", `${path}/notes`, { words: "To the prosecutor on Monday." });
  expect(note.status).toBe(201);
  expect((await rig.ask<{ items: object[] }>(okafor, "GET", `${path}/notes`)).body.items).toHaveLength(1);
  const task = await rig.ask<{ id: string }>(okafor, "POST", `${path}/tasks`, { words: "Redact" });
  expect((await rig.ask(okafor, "PATCH", `${path}/tasks/${task.body.id}`, { done: true })).status).toBe(200);
  const timeline = await rig.ask<{ items: { kind: string }[] }>(okafor, "GET", `${path}/timeline`);
  expect(timeline.body.items.map(({ kind }) => kind).toSorted()).toEqual(["event", "event", "event", "event", "note"]);
  const second = await open(custodian, { unitId: central });
  const away = await rig.ask(okafor, "PATCH", `/api/v1/cases/${second.id}`, { unitId: null });
  expect(away.body).toMatchObject({ status: 403, code: "not-allowed" });
  expect((await rig.ask<Case>(custodian, "GET", `/api/v1/cases/${second.id}`)).body.unit?.id).toBe(central);
});

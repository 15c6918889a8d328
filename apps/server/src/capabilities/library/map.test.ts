import type { EvidenceMap } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";

let rig: RetentionRig;
let custodian: string;
let adair: string;
/** Around Hartford (demo): three close together, one across the river, one far away. */
const places = {
  a: [-72.69, 41.76],
  b: [-72.6901, 41.7601],
  c: [-72.6902, 41.76],
  d: [-72.65, 41.77],
  far: [2.35, 48.85],
};
const ids = new Map<string, string>();

beforeAll(async () => {
  rig = await openRetentionRig();
  [custodian, adair] = [await rig.person(["custodian"]), await rig.person(["officer"])];
  const owner = await rig.log.db.owner();
  for (const [name, [lon = 0, lat = 0]] of Object.entries(places)) {
    const id = await rig.item({ personId: name === "a" ? adair : custodian });
    ids.set(name, id);
    const file = randomUUID();
    await owner.query(
      `insert into sworn.file (id, agency_id, evidence_id, role, media_type, state) values ($1, $2, $3, 'track', 'application/json', 'stored')`,
      [file, rig.agencyId, id],
    );
    await owner.query(
      `insert into sworn.track (evidence_id, agency_id, file_id, source, fixes, from_at, west, south, east, north)
       values ($1, $2, $3, 'camera', 10, now(), $4, $5, $6, $7)`,
      [id, rig.agencyId, file, lon - 0.0005, lat - 0.0005, lon + 0.0005, lat + 0.0005],
    );
  }
}, 60_000);
afterAll(async () => await rig.close());

const map = async (who: string, query: string): Promise<EvidenceMap> =>
  (await rig.ask<EvidenceMap>(who, "GET", `/api/v1/evidence/map?${query}`)).body;
const listed = async (query: string): Promise<string[]> => {
  const { body } = await rig.ask<{ items: { id: string }[] }>(custodian, "GET", `/api/v1/evidence?${query}`);
  return body.items.map(({ id }) => [...ids].find(([, known]) => known === id)?.[0] ?? id).toSorted();
};

it("gathers what lies in view in cells, names what is alone, and tells nobody of what they may not see", async () => {
  const all = await map(custodian, "view=-72.8,41.6,-72.5,41.9&columns=8");
  expect([all.counted, all.capped, all.cells.map(({ count }) => count)]).toEqual([4, false, [3, 1]]);
  expect(all.cells[1]?.evidence).toEqual({ id: ids.get("d"), title: "Traffic stop" });
  expect(all.cells[0]?.evidence).toBeNull();
  expect(all.cells[0]?.west).toBeLessThanOrEqual(all.cells[0]?.lon ?? 0);
  expect((await map(adair, "view=-180,-90,180,90")).counted).toBe(1);
  expect((await map(custodian, "view=-180,-90,180,90&kind=photo")).cells).toEqual([]);
  // A filter that was drawn and the part in view are two things.
  expect((await map(custodian, "view=-180,-90,180,90&bbox=2,48,3,49")).counted).toBe(1);
  expect((await rig.ask(await rig.person(["auditor"]), "GET", "/api/v1/evidence/map?view=-1,-1,1,1")).status).toBe(403);
});

it("a circle and a polygon find what they touch, and nothing else", async () => {
  expect(await listed("near=-72.69,41.76,300")).toEqual(["a", "b", "c"]);
  expect(await listed("near=-72.69,41.76,5000")).toEqual(["a", "b", "c", "d"]);
  // A triangle whose box holds the place across the river, and which does not.
  expect(await listed("area=-72.70,41.755,-72.64,41.755,-72.70,41.78")).toEqual(["a", "b", "c"]);
  expect(await listed("near=-72.69,41.76,5000&area=-72.66,41.76,-72.64,41.76,-72.64,41.78,-72.66,41.78")).toEqual([
    "d",
  ]);
});

it("somebody who is to give a statement first does not find where it was by drawing closer", async () => {
  const owner = await rig.log.db.owner();
  const [incident, lock] = [randomUUID(), randomUUID()];
  const at = [rig.agencyId, custodian];
  await owner.query("insert into sworn.incident (id, agency_id, number, created_by) values ($1, $2, '26-1', $3)", [
    incident,
    ...at,
  ]);
  await owner.query(
    `insert into sworn.incident_evidence (incident_id, evidence_id, agency_id, how, added_by, opens)
     values ($1, $2, $3, 'hand', $4, true)`,
    [incident, ids.get("d"), ...at],
  );
  await owner.query(
    "insert into sworn.statement_lock (id, agency_id, incident_id, reason, placed_by) values ($1, $2, $3, 'Force', $4)",
    [lock, rig.agencyId, incident, adair],
  );
  const found = async (): Promise<unknown[]> => [
    (await map(custodian, "view=-72.8,41.6,-72.5,41.9")).counted,
    await listed("near=-72.69,41.76,5000"),
    (await map(custodian, "view=-180,-90,180,90&near=-72.69,41.76,5000")).counted,
  ];
  expect(await found()).toEqual([4, ["a", "b", "c", "d"], 4]);
  await owner.query("insert into sworn.statement_lock_person (lock_id, person_id, agency_id) values ($1, $2, $3)", [
    lock,
    custodian,
    rig.agencyId,
  ]);
  expect(await found()).toEqual([3, ["a", "b", "c"], 3]);
  await owner.query("update sworn.statement_lock_person set ended_at = now(), ended_by = $1", [adair]);
  expect(await found()).toEqual([4, ["a", "b", "c", "d"], 4]);
});

it.each([
  "view=1,2,3",
  "view=5,1,-5,2",
  "view=0,0,1,91",
  "view=-1,-1,1,1&columns=41",
  "near=0,0,0",
  "near=0,91,10",
  "near=0,0,9999999",
  "area=0,0,1,1",
  "area=0,0,1,1,1,99",
  `area=${Array.from({ length: 41 }, (_, n) => `${n},${n}`).join(",")}`,
])("refuses %s", async (query) => {
  const path = query.includes("view") ? "/api/v1/evidence/map" : "/api/v1/evidence";
  expect((await rig.ask(custodian, "GET", `${path}?${query}`)).body).toMatchObject({ code: "request-malformed" });
});

it("where many tracks lie in a place the newest are found by time", async () => {
  const owner = await rig.log.db.owner();
  await owner.query("select set_config('sworn.agency', $1, false)", [rig.agencyId]);
  const { rows } = await owner.query<{ id: string }>(
    "select sworn.find_area_many('((-73,41),(-72,41),(-72,42),(-73,42))'::polygon, 3) as id",
  );
  const nameOf = (id: string): string => [...ids].find(([, known]) => known === id)?.[0] ?? id;
  expect(rows.map(({ id }) => nameOf(id)).toSorted()).toEqual(["b", "c", "d"]);
});

import type { RelatedFootage } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";
import { relatedRoutes } from "./index.ts";

let rig: RetentionRig;
let [custodian, adair, brandt] = ["", "", ""];
let self: string;
const sql = async (text: string, values: unknown[]): Promise<void> =>
  void (await (await rig.log.db.owner()).query(text, values));
const related = async (who: string, id = self): Promise<RelatedFootage["items"]> => {
  const { status, body } = await rig.ask<RelatedFootage>(who, "GET", `/api/v1/evidence/${id}/related`);
  expect(status).toBe(200);
  return body.items;
};
const minute = (n: number): string => new Date(Date.UTC(2026, 10, 20, 21, n)).toISOString();
async function item(personId: string | null, begins: number, minutes: number, lat?: number): Promise<string> {
  const id = await rig.item({ ...(personId === null ? {} : { personId }), recordedAt: minute(begins) });
  await sql("update sworn.evidence set duration_ms = $2 where id = $1", [id, minutes * 60_000]);
  if (lat !== undefined) {
    // Only its box is read; the file with the positions is another test's business.
    await sql("set session_replication_role = replica", []);
    await sql(
      `insert into sworn.track (evidence_id, agency_id, file_id, source, fixes, west, south, east, north)
       values ($1, $2, $3, 'nmea', 2, -0.12, $4, -0.12, $4)`,
      [id, rig.agencyId, randomUUID(), lat],
    );
    await sql("set session_replication_role = origin", []);
  }
  return id;
}

beforeAll(async () => {
  rig = await openRetentionRig(relatedRoutes);
  custodian = await rig.person(["custodian"]);
  [adair, brandt] = [await rig.person(["officer"]), await rig.person(["officer"])];
  self = await item(adair, 10, 10, 51.5);
}, 60_000);
afterAll(async () => await rig.close());

it("names what shows the same, the likeliest first, and what each of them has to do with it", async () => {
  const place = await item(brandt, 8, 10, 51.501);
  const wearer = await item(adair, 25, 5);
  await item(brandt, 10, 10, 51.7); // the same minutes, elsewhere
  await item(adair, 55, 5); // hours of the same wearer
  const found = await related(custodian);
  expect(found.map(({ id }) => id)).toEqual([place, wearer]);
  expect(found).toMatchObject([
    { beginsAfterMs: -120_000, overlapMs: 480_000, reasons: ["place"], person: { id: brandt } },
    { beginsAfterMs: 900_000, overlapMs: 0, distanceM: null, reasons: ["wearer"] },
  ]);
  expect(found[0]?.distanceM).toBeCloseTo(111.2, 0);
});

it("names nothing that the asker may not see, and is not there for an item they may not see", async () => {
  expect((await related(adair)).map(({ person }) => person?.id)).toEqual([adair]);
  const hidden = await rig.ask(brandt, "GET", `/api/v1/evidence/${self}/related`);
  const absent = await rig.ask(brandt, "GET", `/api/v1/evidence/${randomUUID()}/related`);
  expect([hidden.status, hidden.body]).toEqual([404, absent.body]);
});

it("leaves out what was made from it", async () => {
  const still = await item(adair, 12, 0);
  expect((await related(custodian)).some(({ id }) => id === still)).toBe(true);
  await sql(
    `insert into sworn.derivation (evidence_id, agency_id, source_id, kind, take, from_ms, source_sha256, how, made_by)
     values ($1, $2, $3, 'snapshot', 0, 0, sha256('x'), '{}', $4)`,
    [still, rig.agencyId, self, custodian],
  );
  expect((await related(custodian)).some(({ id }) => id === still)).toBe(false);
  expect((await related(custodian, still)).some(({ id }) => id === self)).toBe(false);
});

it("does not tell where it was to somebody who is to give a statement first", async () => {
  const reasons = async (): Promise<unknown[]> =>
    (await related(custodian)).map((found) => [found.reasons, found.distanceM === null]);
  expect(await reasons()).toContainEqual([["place"], false]);
  const [incident, lock] = [randomUUID(), randomUUID()];
  await sql("insert into sworn.incident (id, agency_id, number, created_by) values ($1, $2, '26-1', $3)", [
    incident,
    rig.agencyId,
    adair,
  ]);
  await sql(
    `insert into sworn.incident_evidence (incident_id, evidence_id, agency_id, how, added_by, opens)
     values ($1, $2, $3, 'hand', $4, true)`,
    [incident, self, rig.agencyId, adair],
  );
  await sql(
    "insert into sworn.statement_lock (id, agency_id, incident_id, reason, placed_by) values ($1, $2, $3, 'Force', $4)",
    [lock, rig.agencyId, incident, adair],
  );
  await sql("insert into sworn.statement_lock_person (lock_id, person_id, agency_id) values ($1, $2, $3)", [
    lock,
    custodian,
    rig.agencyId,
  ]);
  const now = await reasons();
  expect(now).not.toEqual([]);
  for (const each of now) expect(each).toEqual([expect.not.arrayContaining(["place"]), true]);
});

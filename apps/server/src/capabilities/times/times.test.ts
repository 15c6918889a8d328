import type { EvidenceTimes } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Answer, openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";
import { timeRoutes } from "./index.ts";

let rig: RetentionRig;
let [custodian, officer] = ["", ""];
beforeAll(async () => {
  rig = await openRetentionRig((deps) =>
    timeRoutes({ ...deps, satelliteStart: () => Promise.reject(new Error("no item here has a track")) }),
  );
  [custodian, officer] = [await rig.person(["custodian"]), await rig.person(["officer"])];
}, 60_000);
afterAll(async () => await rig.close());

const correct = (who: string, id: string, body: object): Promise<Answer<EvidenceTimes & { code?: string }>> =>
  rig.ask(who, "POST", `/api/v1/evidence/${id}/times`, { reason: "Compared with the dispatch recording", ...body });
const code = ({ status, body }: Answer<{ code?: string }>): unknown[] => [status, body.code];

it("a correction is added with its reason, moves the item and what was made from it, and is taken back by another", async () => {
  const [id, still] = [await rig.item({ timeSource: "camera-clock" }), await rig.item({ timeSource: "camera-clock" })];
  const owner = await rig.log.db.owner();
  await owner.query(
    `insert into sworn.derivation (evidence_id, agency_id, source_id, kind, take, from_ms, source_sha256, how, made_by)
     values ($1, $2, $3, 'snapshot', 0, 0, sha256('x'), '{}', $4)`,
    [still, rig.agencyId, id, custodian],
  );
  const { status, body } = await correct(custodian, id, { offsetMs: 90_000, uncertaintyMs: 500 });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    sourceAt: "2026-11-20T21:04:00.000Z",
    recordedAt: "2026-11-20T21:05:30.000Z",
    source: "camera-clock",
    corrections: [{ n: 1, offsetMs: 90_000, uncertaintyMs: 500, by: { id: custodian } }],
  });
  for (const each of [id, still])
    expect(await rig.read(custodian, each)).toMatchObject({
      recordedAt: "2026-11-20T21:05:30.000Z",
      timeOffsetMs: 90_000,
    });
  expect(code(await correct(custodian, still, { offsetMs: 0 }))).toEqual([400, "request-malformed"]);
  await correct(custodian, id, { offsetMs: -5000 });
  const back = await correct(custodian, id, { offsetMs: 0, reason: "It was another camera" });
  expect(back.body).toMatchObject({ recordedAt: "2026-11-20T21:04:00.000Z" });
  expect(back.body.corrections.map(({ n, offsetMs }) => [n, offsetMs])).toEqual([
    [3, 0],
    [2, -5000],
    [1, 90_000],
  ]);
  const said = (await rig.events(still)).filter(({ kind }) => kind === "evidence.time-corrected");
  expect(said.map(({ details }) => [details["offsetMs"], details["follows"]])).toEqual(
    [90_000, -5000, 0].map((ms) => [ms, id]),
  );
  await expect(owner.query("delete from sworn.time_correction")).rejects.toThrow("only added");
});

it("never shortens how long an item is kept", async () => {
  const admin = await rig.person(["admin"]);
  await rig.ask(admin, "PUT", "/api/v1/categories/uncategorised", { keep: { count: 10, unit: "day" } });
  const id = await rig.item({ timeSource: "gnss" });
  const until = async (): Promise<unknown> =>
    (await rig.ask<{ keepUntil: string }>(custodian, "GET", `/api/v1/evidence/${id}/retention`)).body.keepUntil;
  const before = await until();
  for (const offsetMs of [-40 * 86_400_000, -3_600_000, 60_000]) {
    await correct(custodian, id, { offsetMs });
    expect(await until(), String(offsetMs)).toBe(before);
  }
  await correct(custodian, id, { offsetMs: 400 * 86_400_000 });
  expect(String(await until()) >= String(before)).toBe(true);
});

it("is refused to who may not, for what is not theirs, and where it says nothing", async () => {
  const id = await rig.item({ personId: officer });
  expect(code(await correct(officer, id, { offsetMs: 1 }))).toEqual([403, "not-allowed"]);
  expect(code(await correct(custodian, randomUUID(), { offsetMs: 1 }))).toEqual([404, "not-found"]);
  const other = await rig.person(["officer"]);
  expect(code(await rig.ask(other, "GET", `/api/v1/evidence/${id}/times`))).toEqual([404, "not-found"]);
  for (const bad of [
    { offsetMs: 0.5 },
    { offsetMs: 4e12 },
    { offsetMs: 1, reason: " " },
    { offsetMs: 1, uncertaintyMs: -1 },
    {},
  ])
    expect(code(await correct(custodian, id, bad)), JSON.stringify(bad)).toEqual([400, "request-malformed"]);
  const owner = await rig.log.db.owner();
  await owner.query("update sworn.evidence set recorded_at = null where id = $1", [id]);
  expect(code(await correct(custodian, id, { offsetMs: 1 }))).toEqual([400, "request-malformed"]);
});

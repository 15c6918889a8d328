import type { Evidence, Incident, StatementLock } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assertViewable, readScope } from "../access/index.ts";
import { incidentRoutes } from "../incidents/index.ts";
import { type MattersRig, openMattersRig } from "../incidents/incidents.testing.ts";
import { markerRoutes } from "../markers/index.ts";
import { statementRoutes } from "./index.ts";

let rig: MattersRig;
let [central, okafor, second, adair, brandt, elsewhere] = ["", "", "", "", "", ""];
beforeAll(async () => {
  rig = await openMattersRig((deps) => [...incidentRoutes(deps), ...statementRoutes(deps), ...markerRoutes(deps)]);
  central = await rig.unit("Central");
  okafor = await rig.person(["supervisor"], central);
  second = await rig.person(["supervisor"], central);
  adair = await rig.person(["officer"], central);
  brandt = await rig.person(["officer"], central);
  elsewhere = await rig.person(["supervisor"], null, rig.otherAgencyId);
}, 60_000);
afterAll(async () => await rig.close());

/** As every address that shows footage asks. */
async function looks(
  who: string,
  id: string,
  roles: "officer" | "supervisor" = "officer",
  by: "themselves" | "their key" = "themselves",
): Promise<string> {
  return await rig.log.db.database.forAgency(rig.agencyId, async (tx) => {
    const scope = await readScope(tx, who);
    const as =
      by === "themselves"
        ? ({ kind: "person", actorId: who, personId: who } as const)
        : ({ kind: "key", actorId: randomUUID(), personId: null, makerId: who } as const);
    const principal = { ...as, deviceId: null, roles: [roles], scope } as const;
    return await assertViewable(tx, { ...principal, agencyId: rig.agencyId }, id).then(
      () => "shown",
      (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "failed"),
    );
  });
}
let count = 0;
async function incidentWith(ids: string[]): Promise<Incident> {
  const number = `26-${(count += 1)}`;
  const { body } = await rig.ask<Incident>(okafor, "POST", "/api/v1/incidents", { number });
  await rig.ask(okafor, "POST", `/api/v1/incidents/${body.id}/evidence`, { ids });
  return body;
}

it("keeps those involved from watching until statement and unlocking; others watch on; later items are locked, too", async () => {
  const own = await rig.item({ personId: adair, unitId: central });
  const incident = await incidentWith([own]);
  const path = `/api/v1/incidents/${incident.id}/locks`;
  expect(await looks(adair, own)).toBe("shown");
  const placed = await rig.ask<StatementLock>(okafor, "POST", path, { reason: "Force, 20 Nov" });
  expect(placed.body).toMatchObject({
    reason: "Force, 20 Nov",
    people: [{ id: adair, statementAt: null, endedAt: null }],
  });
  const later = await rig.item({ personId: adair, unitId: central });
  await rig.ask(okafor, "POST", `/api/v1/incidents/${incident.id}/evidence`, { ids: [later] });
  const clip = await rig.item({ personId: adair, unitId: central });
  await rig.sql(
    `insert into sworn.derivation (evidence_id, agency_id, source_id, kind, take, from_ms, source_sha256, how, made_by)
     values ($1, $2, $3, 'snapshot', 0, 0, sha256('x'), '{}', $4)`,
    [clip, rig.agencyId, own, okafor],
  );
  expect(await Promise.all([own, later, clip].map((id) => looks(adair, id)))).toEqual(Array(3).fill("statement-first"));
  expect(await looks(okafor, own, "supervisor")).toBe("shown");
  expect(await looks(brandt, own)).toBe("not-found");
  // Still in the list, without its picture; nothing is taken out of the incident by who is locked.
  const listed = await rig.ask<{ items: Evidence[] }>(adair, "GET", "/api/v1/evidence?limit=200");
  expect(listed.body.items.find(({ id }) => id === own)).toMatchObject({ locked: true, hasPoster: false });
  const seen = await rig.ask<Evidence>(okafor, "GET", `/api/v1/evidence/${own}`);
  expect(seen.body.locked).toBe(false);
  const out = await rig.ask(adair, "POST", `/api/v1/incidents/${incident.id}/evidence/remove`, { ids: [own] });
  expect(out.body).toMatchObject({ status: 423, code: "statement-first" });

  const at = `${path}/${placed.body.id}/people/${adair}`;
  expect((await rig.ask(okafor, "POST", `${at}/end`, { reason: "Too early" })).body).toMatchObject({
    code: "statement-first",
  });
  const taken = { at: "2026-11-20T20:50:00Z", takenBy: "Det. Demo" };
  expect((await rig.ask(adair, "POST", `${at}/statement`, taken)).status).toBe(403);
  expect((await rig.ask(okafor, "POST", `${at}/statement`, { ...taken, at: "2999-01-01T00:00:00Z" })).status).toBe(400);
  const recorded = await rig.ask<StatementLock>(okafor, "POST", `${at}/statement`, taken);
  expect(recorded.body.people[0]).toMatchObject({ takenBy: "Det. Demo", statementAt: "2026-11-20T20:50:00.000Z" });
  expect((await rig.ask(okafor, "POST", `${at}/statement`, taken)).status).toBe(400);
  expect(await looks(adair, own)).toBe("statement-first");
  expect((await rig.ask(okafor, "POST", `${at}/end`, { reason: "Statement taken" })).status).toBe(200);
  expect(await looks(adair, own)).toBe("shown");
  expect((await rig.ask(okafor, "POST", `${at}/end`, { reason: "Again" })).status).toBe(404);
  const kinds = (await rig.events(incident.id)).map(({ kind }) => kind).filter((kind) => kind.startsWith("statement"));
  expect(kinds).toEqual(["statement.locked", "statement.recorded", "statement.unlocked"]);
  const changed = await rig.log.db.database.forAgency(rig.agencyId, (tx) =>
    tx.updateTable("sworn.statement_lock_person").set({ ended_at: null, ended_by: null }).executeTakeFirst(),
  );
  expect(changed.numUpdatedRows).toBe(0n);
});

it("keeps what others noted from those involved, and leaves them what they noted themselves", async () => {
  const item = await rig.item({ personId: adair, unitId: central });
  const incident = await incidentWith([item]);
  const notes = `/api/v1/evidence/${item}/markers`;
  const add = async (who: string, note: string): Promise<string> =>
    (await rig.ask<{ id: string }>(who, "POST", notes, { kind: "note", note })).body.id;
  const [mine, theirs] = [await add(adair, "My own words"), await add(okafor, "He draws at 0:14")];
  await rig.ask(okafor, "POST", `/api/v1/incidents/${incident.id}/locks`, { reason: "Force" });
  const listed = async (who: string): Promise<string[]> =>
    (await rig.ask<{ items: { id: string }[] }>(who, "GET", notes)).body.items.map(({ id }) => id);
  expect(await listed(adair)).toEqual([mine]);
  expect((await listed(okafor)).toSorted()).toEqual([mine, theirs].toSorted());
  const history = (who: string, id: string): Promise<{ status: number }> =>
    rig.ask(who, "GET", `/api/v1/markers/${id}/history`);
  expect((await history(adair, theirs)).status).toBe(423);
  expect((await history(adair, mine)).status).toBe(200);
  expect((await history(okafor, theirs)).status).toBe(200);
  // A supervisor who was involved could change others' notes, and so be shown them.
  const byOkafor = await rig.item({ personId: okafor, unitId: central });
  const second_ = await incidentWith([byOkafor]);
  const { body: note } = await rig.ask<{ id: string }>(second, "POST", `/api/v1/evidence/${byOkafor}/markers`, {
    kind: "note",
    note: "Seen from behind",
  });
  await rig.ask(second, "POST", `/api/v1/incidents/${second_.id}/locks`, { reason: "Force" });
  const changed = await rig.ask(okafor, "PATCH", `/api/v1/markers/${note.id}`, { label: "x" });
  expect([changed.status, JSON.stringify(changed.body)]).toEqual([423, expect.not.stringContaining("behind")]);
});

it("is not one's own to place or end; a mistake ends without a statement and is called so", async () => {
  const item = await rig.item({ personId: okafor, unitId: central });
  const incident = await incidentWith([item]);
  const path = `/api/v1/incidents/${incident.id}/locks`;
  expect((await rig.ask(okafor, "POST", path, { reason: "Force" })).status).toBe(403);
  expect((await rig.ask(elsewhere, "POST", path, { reason: "Force" })).status).toBe(404);
  expect((await rig.ask(adair, "POST", path, { reason: "Force" })).status).toBe(403);
  expect((await rig.ask(second, "POST", path, { reason: " " })).status).toBe(400);
  expect((await rig.ask(second, "POST", path, { reason: "Force", personIds: [randomUUID()] })).status).toBe(400);
  const { body: lock } = await rig.ask<StatementLock>(second, "POST", path, { reason: "Force" });
  expect(await looks(okafor, item, "supervisor")).toBe("statement-first");
  const at = `${path}/${lock.id}/people/${okafor}`;
  expect((await rig.ask(okafor, "POST", `${at}/end`, { reason: "Mine", mistake: true })).status).toBe(403);
  expect((await rig.ask(second, "POST", `${at}/end`, { reason: "Another incident", mistake: true })).status).toBe(200);
  expect((await rig.events(incident.id)).at(-1)).toMatchObject({
    kind: "statement.unlocked",
    details: { mistake: "yes" },
  });
  const empty = await incidentWith([]);
  expect((await rig.ask(second, "POST", `/api/v1/incidents/${empty.id}/locks`, { reason: "Force" })).status).toBe(400);
});

it("covers the whole family of an item, and the key of whoever is locked", async () => {
  const original = await rig.item({ personId: okafor, unitId: central });
  const [clip, still, apart] = [
    await rig.item({ personId: okafor, unitId: central }),
    await rig.item({ personId: okafor, unitId: central }),
    await rig.item({ personId: okafor, unitId: central }),
  ];
  for (const [id, source, kind, toMs] of [
    [clip, original, "clip", 9],
    [still, clip, "snapshot", null],
  ] as const)
    await rig.sql(
      `insert into sworn.derivation (evidence_id, agency_id, source_id, kind, take, from_ms, to_ms, source_sha256, how, made_by)
       values ($1, $2, $3, $4, 0, 0, $5, sha256('x'), '{}', $6)`,
      [id, rig.agencyId, source, kind, toMs, second],
    );
  const seen = (by: "themselves" | "their key"): Promise<string[]> =>
    Promise.all([original, clip, still, apart].map((id) => looks(okafor, id, "supervisor", by)));
  expect(await seen("themselves")).toEqual(Array(4).fill("shown"));
  for (const member of [original, clip, still]) {
    const incident = await incidentWith([member]);
    const path = `/api/v1/incidents/${incident.id}/locks`;
    const { body: lock } = await rig.ask<StatementLock>(second, "POST", path, { reason: "Force" });
    const locked = [...Array(3).fill("statement-first"), "shown"];
    expect(await seen("themselves")).toEqual(locked);
    expect(await seen("their key")).toEqual(locked);
    await rig.ask(second, "POST", `${path}/${lock.id}/people/${okafor}/end`, { reason: "Next", mistake: true });
  }
  expect(await seen("their key")).toEqual(Array(4).fill("shown"));
});

it("a single item is locked with its family and released the same way, whatever incident it is in", async () => {
  const item = await rig.item({ personId: adair, unitId: central });
  const clip = await rig.item({ personId: adair, unitId: central });
  const others = await rig.item({ personId: adair, unitId: central });
  await rig.sql(
    `insert into sworn.derivation (evidence_id, agency_id, source_id, kind, take, from_ms, source_sha256, how, made_by)
     values ($1, $2, $3, 'snapshot', 0, 0, sha256('x'), '{}', $4)`,
    [clip, rig.agencyId, item, adair],
  );
  const path = `/api/v1/evidence/${item}/locks`;
  const placed = await rig.ask<StatementLock>(okafor, "POST", path, { reason: "Force" });
  expect(placed.body).toMatchObject({ reason: "Force", people: [{ id: adair }] });
  expect(await Promise.all([item, clip, others].map((id) => looks(adair, id)))).toEqual([
    "statement-first",
    "statement-first",
    "shown",
  ]);
  expect(await looks(second, item, "supervisor")).toBe("shown");
  const of = `${path}/${placed.body.id}/people/${adair}`;
  expect((await rig.ask(okafor, "POST", `${of}/end`, { reason: "Done" })).body).toMatchObject({
    code: "statement-first",
  });
  // Under another address the same lock is not there.
  const elsewhereOf = `/api/v1/evidence/${others}/locks/${placed.body.id}/people/${adair}/end`;
  expect((await rig.ask(okafor, "POST", elsewhereOf, { reason: "Done", mistake: true })).status).toBe(404);
  expect((await rig.ask(brandt, "POST", path, { reason: "Force" })).status).toBe(403);
  expect((await rig.ask(elsewhere, "POST", path, { reason: "Force" })).status).toBe(404);
  const at = new Date(rig.deps.clock.now() - 60_000).toISOString();
  await rig.ask(okafor, "POST", `${of}/statement`, { at, takenBy: "Det. Demo" });
  await rig.ask(okafor, "POST", `${of}/end`, { reason: "Statement taken" });
  expect(await Promise.all([item, clip].map((id) => looks(adair, id)))).toEqual(["shown", "shown"]);
  const kinds = (await rig.events(item)).map(({ kind }) => kind);
  expect(kinds).toEqual(["statement.locked", "statement.recorded", "statement.unlocked"]);
});

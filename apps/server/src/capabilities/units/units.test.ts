import type { RestrictedClass, Unit } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRetentionRig, type RetentionRig } from "../retention/retention.testing.ts";

let rig: RetentionRig;
let admin: string;
beforeAll(async () => {
  rig = await openRetentionRig();
  admin = await rig.person(["admin"]);
}, 60_000);
afterAll(async () => await rig.close());

async function unit(name: string, parentId: string | null = null): Promise<string> {
  const { status, body } = await rig.ask<Unit>(admin, "POST", "/api/v1/units", { name, parentId });
  expect(status).toBe(201);
  return body.id;
}

describe("units", () => {
  it("are a tree: no ring, no two of one name beside each other, archived and not deleted", async () => {
    const borough = await unit("North");
    const precinct = await unit("7th", borough);
    const watch = await unit("Night", precinct);
    const change = (id: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> =>
      rig.ask(admin, "PATCH", `/api/v1/units/${id}`, body);
    expect((await change(borough, { parentId: watch })).status).toBe(400);
    expect((await change(borough, { parentId: borough })).status).toBe(400);
    expect((await rig.ask(admin, "POST", "/api/v1/units", { name: "7th", parentId: borough })).body).toMatchObject({
      code: "name-taken",
    });
    expect((await change(watch, { archived: true })).body["archivedAt"]).not.toBeNull();
    expect((await change(watch, { parentId: randomUUID() })).status).toBe(400);
    const kinds = (await rig.events(rig.agencyId)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith("unit."))).toEqual([
      "unit.created",
      "unit.created",
      "unit.created",
      "unit.changed",
    ]);
  });

  it("two moves at once that would make a ring together: one of them is refused", async () => {
    const [a, b] = [await unit("Ring A"), await unit("Ring B")];
    const answers = await Promise.all([
      rig.ask(admin, "PATCH", `/api/v1/units/${a}`, { parentId: b }),
      rig.ask(admin, "PATCH", `/api/v1/units/${b}`, { parentId: a }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });
});

describe("who sees what", () => {
  it("officers their own, supervisors their unit's and below, records the agency's, others nothing", async () => {
    const [east, west] = [await unit("East"), await unit("West")];
    const eastWatch = await unit("Night watch", east);
    const [adair, brandt] = [await rig.person(["officer"], eastWatch), await rig.person(["officer"], west)];
    const [own, others] = [
      await rig.item({ personId: adair, unitId: eastWatch }),
      await rig.item({ personId: brandt, unitId: west }),
    ];
    const visible = async (who: string): Promise<string[]> =>
      (await rig.sees(who)).filter((id) => [own, others].includes(id));
    expect(await visible(adair)).toEqual([own]);
    expect(await visible(await rig.person(["supervisor"], east))).toEqual([own]);
    expect(await visible(await rig.person(["supervisor"], eastWatch))).toEqual([own]);
    expect(await visible(await rig.person(["supervisor"], west))).toEqual([others]);
    expect((await visible(await rig.person(["supervisor"]))).toSorted()).toEqual([own, others].toSorted());
    for (const role of ["custodian", "records", "auditor"] as const)
      expect((await visible(await rig.person([role], west))).toSorted(), role).toEqual([own, others].toSorted());
    for (const role of ["trainer", "prosecutor", "defence"] as const)
      expect(await visible(await rig.person([role], east)), role).toEqual([]);
    // An item keeps the unit it was recorded in, and a unit that moves takes its items' readers along.
    await rig.ask(admin, "PATCH", `/api/v1/units/${eastWatch}`, { parentId: west });
    expect(await visible(await rig.person(["supervisor"], east))).toEqual([]);
  });

  it("a restricted item is there for members of its class alone, in every list and by its id", async () => {
    const custodian = await rig.person(["custodian"]);
    const investigator = await rig.person(["custodian"]);
    const item = await rig.item();
    const { body: made } = await rig.ask<RestrictedClass>(admin, "POST", "/api/v1/restricted-classes", {
      name: "Internal affairs",
      contact: "Demo desk, room 4",
    });
    const member = `/api/v1/restricted-classes/${made.id}/members/${investigator}`;
    expect((await rig.ask<RestrictedClass>(admin, "PUT", member)).body.members).toMatchObject([{ id: investigator }]);
    const request = { ids: [item], classId: made.id, reason: "Complaint 26-31" };
    const preview = await rig.ask<{ changed: object[] }>(custodian, "POST", "/api/v1/evidence/restrict", {
      ...request,
      dryRun: true,
    });
    expect(preview.body.changed).toHaveLength(1);
    expect(await rig.sees(custodian)).toContain(item);
    await rig.ask(custodian, "POST", "/api/v1/evidence/restrict", request);

    expect(await rig.sees(custodian)).not.toContain(item);
    for (const path of ["", "/custody", "/retention"])
      expect((await rig.ask(custodian, "GET", `/api/v1/evidence/${item}${path}`)).status, path).toBe(404);
    for (const [path, body] of [
      ["/api/v1/evidence/restrict", { ...request, classId: null }],
      ["/api/v1/evidence/classify", { ids: [item] }],
      ["/api/v1/holds", { evidenceIds: [item], reason: "x", ownerId: custodian, reviewOn: "2027-01-01" }],
    ] as const)
      expect((await rig.ask(custodian, "POST", path, body)).body, path).toMatchObject({ missing: [item] });
    expect(await rig.read(investigator, item)).toMatchObject({ restricted: { name: "Internal affairs" } });
    await rig.ask(admin, "DELETE", member);
    expect(await rig.sees(investigator)).not.toContain(item);
    const changes = (await rig.events(rig.agencyId)).filter(({ kind }) => kind === "class.changed");
    expect(changes.map(({ details }) => [details["added"], details["removed"]])).toEqual([
      [investigator, undefined],
      [undefined, investigator],
    ]);
  });

  it("a class says whom to ask; archived it takes no new items and keeps those it has", async () => {
    const custodian = await rig.person(["custodian"]);
    const { body: made } = await rig.ask<RestrictedClass>(admin, "POST", "/api/v1/restricted-classes", {
      name: "Informants",
    });
    const path = `/api/v1/restricted-classes/${made.id}`;
    await rig.ask(admin, "PUT", `${path}/members/${custodian}`);
    const [kept, late] = [await rig.item(), await rig.item()];
    const restrict = (id: string): Promise<{ status: number }> =>
      rig.ask(custodian, "POST", "/api/v1/evidence/restrict", { ids: [id], classId: made.id, reason: "Request 7" });
    await restrict(kept);
    const changed = await rig.ask<RestrictedClass>(admin, "PATCH", path, { contact: "Demo desk 9", archived: true });
    expect(changed.body).toMatchObject({ name: "Informants", contact: "Demo desk 9", members: [{ id: custodian }] });
    expect(changed.body.archivedAt).not.toBeNull();
    expect((await restrict(late)).status).toBe(400);
    const { body } = await rig.ask(custodian, "GET", `/api/v1/evidence/${kept}/retention`);
    expect(body["restricted"]).toEqual({ id: made.id, name: "Informants", contact: "Demo desk 9" });
    await rig.ask(admin, "POST", "/api/v1/restricted-classes", { name: "Taken" });
    expect((await rig.ask(admin, "PATCH", path, { name: "Taken" })).body).toMatchObject({ code: "name-taken" });
    expect((await rig.ask(custodian, "PATCH", path, { contact: "" })).status).toBe(403);
  });

  it("a category that restricts does so at once, and taking it away lifts nothing", async () => {
    const custodian = await rig.person(["custodian"]);
    const { body: made } = await rig.ask<RestrictedClass>(admin, "POST", "/api/v1/restricted-classes", {
      name: "Juveniles",
    });
    await rig.ask(admin, "PUT", `/api/v1/restricted-classes/${made.id}/members/${custodian}`);
    const { body: category } = await rig.ask<{ id: string }>(admin, "POST", "/api/v1/categories", {
      name: "Juvenile present",
      keep: { count: 1, unit: "year" },
      restrictedClassId: made.id,
    });
    const item = await rig.item();
    await rig.ask(custodian, "POST", "/api/v1/evidence/classify", { ids: [item], add: [category.id] });
    await rig.ask(custodian, "POST", "/api/v1/evidence/classify", { ids: [item], remove: [category.id] });
    expect(await rig.read(custodian, item)).toMatchObject({ restricted: { id: made.id }, categories: [] });
    expect(await rig.sees(await rig.person(["records"]))).not.toContain(item);
  });
});

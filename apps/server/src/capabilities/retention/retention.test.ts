import type { Category, ClassifyAnswer, RetentionAnswer } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openRetentionRig, type RetentionRig } from "./retention.testing.ts";

let rig: RetentionRig;
let admin: string;
let custodian: string;
beforeAll(async () => {
  rig = await openRetentionRig();
  [admin, custodian] = [await rig.person(["admin"]), await rig.person(["custodian"])];
}, 60_000);
afterAll(async () => await rig.close());

async function category(
  name: string,
  keep: Category["keep"],
  restrictedClassId: string | null = null,
): Promise<string> {
  const { status, body } = await rig.ask<Category>(admin, "POST", "/api/v1/categories", {
    name: `${name} ${randomUUID().slice(0, 8)}`,
    keep,
    restrictedClassId,
  });
  expect(status).toBe(201);
  return body.id;
}
const classify = (who: string, request: object): Promise<{ status: number; body: ClassifyAnswer }> =>
  rig.ask<ClassifyAnswer>(who, "POST", "/api/v1/evidence/classify", request);
const retention = async (id: string): Promise<RetentionAnswer> =>
  (await rig.ask<RetentionAnswer>(custodian, "GET", `/api/v1/evidence/${id}/retention`)).body;

describe("categories", () => {
  it("say how long an item is kept; the dry run says it before, undo is the opposite", async () => {
    const item = await rig.item();
    const stop = await category("Traffic stop", { count: 90, unit: "day" });
    const force = await category("Use of force", { count: 4, unit: "year" });
    const asked = { ids: [item, randomUUID()], add: [stop, force] };
    const preview = await classify(custodian, { ...asked, dryRun: true });
    expect(preview.body.changed).toMatchObject([
      { id: item, before: { keepUntil: null }, after: { keepUntil: "2030-11-20" } },
    ]);
    expect(preview.body.missing).toEqual([asked.ids[1]]);
    expect((await rig.read(custodian, item)).categories).toEqual([]);

    expect((await classify(custodian, asked)).body).toEqual(preview.body);
    expect(await rig.read(custodian, item)).toMatchObject({ keepUntil: "2030-11-20", held: false });
    expect(await retention(item)).toMatchObject({
      keepUntil: "2030-11-20",
      decidedBy: { id: force },
      clock: { basis: "captured", because: "captured-at-trusted-time" },
      disposableFrom: "2030-11-21T05:00:00.000Z",
    });
    expect((await classify(custodian, asked)).body).toMatchObject({ changed: [], unchanged: [item] });
    await classify(custodian, { ids: [item], remove: [force] });
    expect((await rig.read(custodian, item)).keepUntil).toBe("2027-02-18");
    const said = (await rig.events(item)).filter(({ kind }) => kind === "evidence.categorised");
    expect(said.map(({ details }) => (details["categories"] as string[]).length)).toEqual([2, 1]);
  });

  it("a changed period holds for the items that have the category, and the log says who changed it from what", async () => {
    const item = await rig.item({ timeSource: "camera-clock", recordedAt: "2016-11-20T21:04:00Z" });
    const test = await category("Test recording", { count: 7, unit: "day" });
    await classify(custodian, { ids: [item], add: [test] });
    // Ten years off: counted from the receipt.
    expect((await rig.read(custodian, item)).keepUntil).toBe("2026-11-27");
    const { status } = await rig.ask(admin, "PATCH", `/api/v1/categories/${test}`, {
      keep: { count: 1, unit: "month" },
    });
    expect(status).toBe(200);
    await vi.waitFor(async () => expect((await rig.read(custodian, item)).keepUntil).toBe("2026-12-20"), 10_000);
    const changed = (await rig.events(rig.agencyId)).findLast(({ kind }) => kind === "category.changed");
    expect(changed?.details).toMatchObject({ category: test, keep: "1 month", before: { keep: "7 days" } });
  });

  it("cannot be used by an officer to shorten what somebody has said, nor to hide an item from everybody", async () => {
    const officer = await rig.person(["officer"]);
    const item = await rig.item({ personId: officer });
    const force = await category("Force", { count: 4, unit: "year" });
    const test = await category("Test", { count: 7, unit: "day" });
    await classify(officer, { ids: [item], add: [force] });
    expect(await classify(officer, { ids: [item], add: [test], remove: [force] })).toMatchObject({ status: 403 });
    expect((await classify(officer, { ids: [item], add: [test] })).status).toBe(200);
    expect((await rig.read(officer, item)).keepUntil).toBe("2030-11-20");
    const { body } = await rig.ask<{ id: string }>(admin, "POST", "/api/v1/restricted-classes", { name: "Nobody's" });
    const hiding = await category("Hidden", "indefinite", body.id);
    expect(await classify(officer, { ids: [item], add: [hiding] })).toMatchObject({ status: 400 });
    expect((await classify(custodian, { ids: [item], add: [test], remove: [force] })).status).toBe(200);
  });

  it("an archived one stays on its items and is given to no other; a name is taken once", async () => {
    const [item, other] = [await rig.item(), await rig.item()];
    const old = await category("Old", "indefinite");
    await classify(custodian, { ids: [item], add: [old] });
    const { body } = await rig.ask<Category>(admin, "PATCH", `/api/v1/categories/${old}`, { archived: true });
    expect(body.archivedAt).not.toBeNull();
    expect((await rig.read(custodian, item)).categories).toHaveLength(1);
    expect(await classify(custodian, { ids: [other], add: [old] })).toMatchObject({ status: 400 });
    expect(
      (await rig.ask(admin, "POST", "/api/v1/categories", { name: body.name, keep: "indefinite" })).body,
    ).toMatchObject({
      code: "name-taken",
    });
  });

  it("keeps what nobody has categorised as long as the agency says", async () => {
    const item = await rig.item();
    const keep = { count: 31, unit: "day" };
    expect((await rig.ask(admin, "PUT", "/api/v1/categories/uncategorised", { keep })).status).toBe(204);
    await vi.waitFor(async () => expect((await rig.read(custodian, item)).keepUntil).toBe("2026-12-21"), 10_000);
    expect(await retention(item)).toMatchObject({ decidedBy: null, keep });
    await rig.ask(admin, "PUT", "/api/v1/categories/uncategorised", { keep: "indefinite" });
    await vi.waitFor(async () => expect((await rig.read(custodian, item)).keepUntil).toBeNull(), 10_000);
  });
});

describe("holds", () => {
  it("win over every schedule, each by itself, with a reason, an owner and a day of review", async () => {
    const item = await rig.item();
    const day = await category("One day", { count: 1, unit: "day" });
    await classify(custodian, { ids: [item], add: [day] });
    expect((await retention(item)).disposableFrom).toBe("2026-11-22T05:00:00.000Z");
    const hold = { evidenceIds: [item], reason: "Civil suit 26-118", ownerId: custodian, reviewOn: "2027-06-01" };
    const first = await rig.ask<{ placed: { holdId: string }[] }>(custodian, "POST", "/api/v1/holds", hold);
    const second = await rig.ask<{ placed: { holdId: string }[] }>(custodian, "POST", "/api/v1/holds", hold);
    expect(await retention(item)).toMatchObject({ disposableFrom: null, keepUntil: "2026-11-21" });
    expect((await rig.read(custodian, item)).held).toBe(true);

    const release = (answer: typeof first): Promise<{ status: number; body: object }> =>
      rig.ask(custodian, "POST", "/api/v1/holds/release", {
        holdIds: answer.body.placed.map(({ holdId }) => holdId),
        reason: "Settled",
      });
    expect((await release(first)).body).toMatchObject({ missing: [] });
    expect((await rig.read(custodian, item)).held).toBe(true);
    expect((await release(first)).body).toMatchObject({ released: [] });
    await release(second);
    const after = await retention(item);
    expect(after.disposableFrom).toBe("2026-11-22T05:00:00.000Z");
    expect(after.holds.map(({ reviewOn, releaseReason }) => [reviewOn, releaseReason])).toEqual([
      ["2027-06-01", "Settled"],
      ["2027-06-01", "Settled"],
    ]);
    const kinds = (await rig.events(item)).map(({ kind, reason }) => [kind, reason]);
    expect(kinds.slice(-4)).toEqual([
      ["hold.placed", hold.reason],
      ["hold.placed", hold.reason],
      ["hold.released", "Settled"],
      ["hold.released", "Settled"],
    ]);
  });

  it("placed by many at once on the same items are all counted", async () => {
    const items = [await rig.item(), await rig.item(), await rig.item()];
    const hold = { reason: "Inquiry", ownerId: custodian, reviewOn: "2027-06-01" };
    const answers = await Promise.all(
      [items, items.toReversed(), items].map((evidenceIds) =>
        rig.ask(custodian, "POST", "/api/v1/holds", { ...hold, evidenceIds }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const { rows } = await (
      await rig.log.db.owner()
    ).query("select holds from sworn.evidence where id = any($1)", [items]);
    expect(rows).toEqual([{ holds: 3 }, { holds: 3 }, { holds: 3 }]);
  });

  it("need an owner who works here, and a reason", async () => {
    const evidenceIds = [await rig.item()];
    const hold = { evidenceIds, reason: "Inquiry", ownerId: randomUUID(), reviewOn: "2027-06-01" };
    expect((await rig.ask(custodian, "POST", "/api/v1/holds", hold)).status).toBe(400);
    expect(
      (await rig.ask(custodian, "POST", "/api/v1/holds", { ...hold, ownerId: custodian, reason: " " })).status,
    ).toBe(400);
    expect(
      (await rig.ask(custodian, "POST", "/api/v1/holds", { ...hold, ownerId: custodian, reviewOn: "soon" })).status,
    ).toBe(400);
  });

  it("that ended cannot be changed by the application's login", async () => {
    const item = await rig.item();
    const hold = { evidenceIds: [item], reason: "Inquiry", ownerId: custodian, reviewOn: "2027-06-01" };
    const { body } = await rig.ask<{ placed: { holdId: string }[] }>(custodian, "POST", "/api/v1/holds", hold);
    const holdId = body.placed[0]?.holdId ?? "";
    await rig.ask(custodian, "POST", "/api/v1/holds/release", { holdIds: [holdId], reason: "Settled" });
    const changed = await rig.log.db.database.forAgency(rig.agencyId, (tx) =>
      tx.updateTable("sworn.hold").set({ release_reason: "Another one" }).where("id", "=", holdId).executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
  });
});

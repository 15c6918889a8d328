import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Camera, makeMedia, makeRecordingsRig, type RecordingsRig } from "./testing.ts";

// A stolen camera key must not begin recordings and takes without end; fragments are never held up by that limit.

let rig: RecordingsRig;
const media = makeMedia(8);
const clock = { utc: "2026-11-20T10:00:00.000Z", source: "gnss", uncertaintyMs: 1 };
const open = (camera: Camera, id: string): ReturnType<RecordingsRig["send"]> =>
  rig.send(camera, "POST", "/api/v1/recordings", { id, clock });

beforeAll(async () => {
  rig = await makeRecordingsRig({ beginnings: { burst: 3, perSecond: 1 / 60 } });
}, 60_000);
afterAll(() => rig.end());

it("slows down who begins too many recordings or takes, says when to come back, and nothing else", async () => {
  const camera = await rig.key("device");
  const [first, second] = [randomUUID(), randomUUID()];
  expect((await open(camera, first)).status).toBe(201);
  expect((await open(camera, second)).status).toBe(201);
  expect((await rig.put(camera, `/api/v1/recordings/${first}/takes/1/init`, media.init)).status).toBe(200);

  const refused = await fetch(`${rig.url()}/api/v1/recordings`, {
    method: "POST",
    headers: { authorization: `Bearer ${camera.token}`, "content-type": "application/json" },
    body: JSON.stringify({ id: randomUUID(), clock }),
  });
  expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.closeTo(58, -1)]);
  expect(await refused.json()).toMatchObject({ code: "rate-limited" });
  const third = await rig.put(camera, `/api/v1/recordings/${first}/takes/2/init`, media.init);
  expect([third.status, third.body["code"]]).toEqual([429, "rate-limited"]);

  // What it has begun goes on, and the same request again is no beginning.
  expect((await open(camera, first)).status).toBe(200);
  expect((await rig.put(camera, `/api/v1/recordings/${first}/takes/1/init`, media.init)).status).toBe(200);
  for (const [n, bytes] of media.fragments.entries())
    expect((await rig.put(camera, `/api/v1/recordings/${first}/takes/1/fragments/${n}`, bytes)).status).toBe(200);

  expect((await open(await rig.key("device"), randomUUID())).status).toBe(201); // another camera has its own
  rig.time.offset += 61_000;
  expect((await rig.put(camera, `/api/v1/recordings/${first}/takes/2/init`, media.init)).status).toBe(200);
});

it("shows no hash of the part it had while it goes on after a return", async () => {
  const camera = await rig.key("device");
  const id = randomUUID();
  await open(camera, id);
  await rig.put(camera, `/api/v1/recordings/${id}/takes/0/init`, media.init);
  await rig.put(camera, `/api/v1/recordings/${id}/takes/0/fragments/0`, media.fragments[0] ?? media.init);
  rig.time.offset += 91_000;
  await rig.settle(id, "stored");
  const row = (): Promise<{ state: string; sha256: Uint8Array | null } | undefined> =>
    rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
      tx.selectFrom("sworn.evidence").select(["state", "sha256"]).where("id", "=", id).executeTakeFirst(),
    );
  expect(await row()).toMatchObject({ state: "stored", sha256: expect.any(Uint8Array) as Uint8Array });
  expect((await rig.put(camera, `/api/v1/recordings/${id}/takes/1/init`, media.init)).status).toBe(200);
  expect(await row()).toEqual({ state: "live", sha256: null });
});

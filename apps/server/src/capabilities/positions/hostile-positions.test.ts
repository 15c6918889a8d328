import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Evidence } from "@sworn/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeMediaRig, type MediaRig } from "../media/testing.ts";
import { type ThreadLimits, threadLimits } from "./read-track.ts";
import { bombOf } from "./testing.ts";

// A file whose table names the same stretch hundreds of times makes a million positions out of 60 kB.

let rig: MediaRig;
let limits: ThreadLimits = threadLimits;
beforeAll(async () => {
  rig = await makeMediaRig({
    positions: (deps) => ({
      ...deps,
      get threadLimits() {
        return limits;
      },
    }),
  });
});
afterAll(() => rig.end());

const quiet = async (): Promise<void> => {
  await expect
    .poll(async () => Object.values(await rig.jobs.counts()).every(({ waiting, active }) => waiting + active === 0), {
      timeout: 40_000,
    })
    .toBe(true);
};
const ask = async (id: string): Promise<void> => {
  const { agencyId } = rig.intake;
  await rig.intake.database.forAgency(agencyId, (tx) => rig.jobs.send(tx, "positions", { agencyId, id }));
};
/** The bombs are no films: what the probe said about them would hide what is tested here. */
const asIfReady = async (id: string): Promise<void> => {
  const owner = await rig.intake.test.owner();
  await owner.query("update sworn.evidence set media_state = 'ready', media_code = null where id = $1", [id]);
};
const failed = (id: string): Promise<Evidence> => rig.settled(id, ({ media }) => media.state === "failed");

test("a million positions are read without keeping anybody else waiting", async () => {
  await rig.store(bombOf(3));
  await quiet(); // everything has run once: what is measured is not the loading of code
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const id = await rig.store(bombOf(333));
  await quiet();
  delay.disable();
  expect((await rig.jobs.counts()).positions.failed).toBe(0);
  expect((await rig.ask("GET", `/api/v1/evidence/${id}/track`)).status).toBe(404); // more than a day of them
  expect(delay.max / 1e6).toBeLessThan(400);
}, 60_000);

test("as many as three hours of a camera hold become a track", async () => {
  const id = await rig.store(bombOf(60));
  await quiet();
  const row = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx.selectFrom("sworn.track").select("fixes").where("evidence_id", "=", id).executeTakeFirst(),
  );
  expect(row).toEqual({ fixes: 180_000 });
}, 60_000);

test.each([
  ["hangs", { ...threadLimits, answerMs: 1 }, "positions-timed-out"],
  ["takes too much memory", { ...threadLimits, heapMiB: 12 }, "positions-crashed"],
])(
  "a file whose reading %s is shown as failed, and is read when it is asked for again",
  async (_, tight, code) => {
    const hostile = await rig.store(bombOf(20));
    await quiet();
    const owner = await rig.intake.test.owner();
    await owner.query("delete from sworn.track where evidence_id = $1", [hostile]);
    await asIfReady(hostile);
    limits = tight;
    try {
      await ask(hostile);
      expect((await failed(hostile)).media).toMatchObject({
        code,
        detail: expect.stringContaining("No positions could be read.") as string,
      });
    } finally {
      limits = threadLimits;
    }
    const hurry = setInterval(() => void rig.hurry(), 200);
    const healed = ({ media, hasTrack }: Evidence): boolean =>
      media.state === "ready" && media.code === null && hasTrack;
    await rig.settled(hostile, healed).finally(() => clearInterval(hurry));
  },
  60_000,
);

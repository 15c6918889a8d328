import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "./harness/judge.ts";
import { createRandom } from "./harness/random.ts";
import { type Prepared, prepare, setUpRig } from "./harness/rig.ts";
import { recordWithRepeats, uploadWithRepeats } from "./harness/send-twice.ts";
import { storm } from "./harness/storm.ts";

const seed = Number(process.env["SWORN_FAULT_SEED"] ?? randomInt(2 ** 31));

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare();
}, 60_000);
afterAll(async () => await prepared?.end());

describe("PostgreSQL killed under load", () => {
  it(
    "a backend: the server goes on by itself, busy for a moment, and nothing is lost",
    { timeout: 200_000 },
    async () => {
      const rig = await setUpRig(prepared);
      try {
        const pid = rig.server.pid;
        const report = await storm(rig, { seed, kills: 5, kinds: ["backend"], gapMs: [600, 1500] });
        expect(rig.server.pid).toBe(pid);
        const verdict = await judge(rig, { patienceMs: 60_000 });
        expect([...report.violations, ...verdict.findings], `seed ${seed}`).toEqual([]);
        expect(report.acknowledged).toBeGreaterThan(20);
      } finally {
        await rig.end();
      }
    },
  );

  it("the postmaster: the server says so and ends; started again it has everything", { timeout: 200_000 }, async () => {
    const rig = await setUpRig(prepared);
    try {
      const report = await storm(rig, { seed, kills: 3, kinds: ["postmaster"], gapMs: [600, 1500] });
      expect(report.endedItself).toBe(3);
      const verdict = await judge(rig, { patienceMs: 60_000 });
      expect([...report.violations, ...verdict.findings], `seed ${seed}`).toEqual([]);
    } finally {
      await rig.end();
    }
  });
});

describe("requests that come twice, at once, or in another order", () => {
  it("are taken once: uploads", { timeout: 100_000 }, async () => {
    const rig = await setUpRig(prepared);
    try {
      const random = createRandom(seed);
      for (let i = 0; i < 3; i++) expect(await uploadWithRepeats(rig, random), `seed ${seed}`).toEqual([]);
      for (let i = 0; i < 3; i++) expect(await recordWithRepeats(rig, random), `seed ${seed}`).toEqual([]);
      expect((await judge(rig)).findings).toEqual([]);
    } finally {
      await rig.end();
    }
  });
});

import { randomInt } from "node:crypto";
import { join } from "node:path";
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
  it("loses nothing: a backend costs a busy moment, the postmaster a restart", { timeout: 200_000 }, async () => {
    const rig = await setUpRig(prepared);
    try {
      const pid = rig.server.pid;
      // One at a time: a second kill within the recovery from the first can leave PostgreSQL 18 stuck, which ends the
      // server (end-when-stuck.ts) and is part of kill-storm.test.ts.
      const gapMs = [500, 1200] as const;
      const backends = await storm(rig, { seed, kills: 4, kinds: ["backend"], gapMs, oneAtATime: true });
      expect(rig.server.pid, "the server goes on by itself").toBe(pid);
      const postmaster = await storm(rig, { seed: seed + 1, kills: 2, kinds: ["postmaster"], gapMs });
      expect(postmaster.endedItself, "the server says so and ends").toBe(2);
      const verdict = await judge(rig);
      expect([...backends.violations, ...postmaster.violations, ...verdict.findings], `seed ${seed}`).toEqual([]);
      expect(backends.acknowledged).toBeGreaterThan(10);
    } finally {
      await rig.end();
    }
  });
});

describe("a commit that is made and whose answer is lost", () => {
  it("leaves the bytes where they are: they may have been promised", { timeout: 100_000 }, async () => {
    const rig = await setUpRig(prepared, { program: join(import.meta.dirname, "controls/lost-commit-answer.ts") });
    try {
      const report = await storm(rig, { seed, kills: 0, kinds: [], minMs: 3_000 });
      expect([...report.violations, ...(await judge(rig)).findings], `seed ${seed}`).toEqual([]);
      expect(report.acknowledged).toBeGreaterThan(30);
    } finally {
      await rig.end();
    }
  });
});

describe("requests that come twice, at once, or in another order", () => {
  it("are taken once", { timeout: 100_000 }, async () => {
    const rig = await setUpRig(prepared);
    try {
      const random = createRandom(seed);
      for (let i = 0; i < 2; i++) expect(await uploadWithRepeats(rig, random), `seed ${seed}`).toEqual([]);
      for (let i = 0; i < 2; i++) expect(await recordWithRepeats(rig, random), `seed ${seed}`).toEqual([]);
      expect((await judge(rig)).findings).toEqual([]);
    } finally {
      await rig.end();
    }
  });
});

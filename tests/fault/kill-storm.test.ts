import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "./harness/judge.ts";
import { type Prepared, prepare, setUpRig } from "./harness/rig.ts";
import { storm } from "./harness/storm.ts";

// The promise under test: `received` survives the death of the process, `stored` has a history, and the two agree.
// SWORN_FAULT_SEED repeats a storm as far as the machine allows. controls.test.ts shows that this can fail.
const seed = Number(process.env["SWORN_FAULT_SEED"] ?? randomInt(2 ** 31));

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare();
}, 60_000);
afterAll(async () => await prepared?.end());

describe("kill -9, 50 times, at random moments of uploads and recordings", () => {
  it("loses nothing that was acknowledged, and log and state agree", { timeout: 400_000 }, async () => {
    const rig = await setUpRig(prepared);
    try {
      const kinds = ["everything", "everything", "server", "server", "postmaster", "backend"] as const;
      // It may end by itself: two kills in a row can leave a database that neither works nor recovers.
      const report = await storm(rig, { seed, kills: 50, kinds, mayEnd: true });
      const verdict = await judge(rig, { patienceMs: 90_000 });
      const kills = Object.entries(report.kills).map(([kind, count]) => `${count} ${kind}`);
      console.log(
        `seed ${seed}: killed ${kills.join(", ")} in ${report.seconds.toFixed(0)} s; ${report.acknowledged} acknowledgements, ` +
          `${verdict.uploads} uploads and ${verdict.recordings} recordings judged in ${verdict.seconds.toFixed(0)} s`,
      );
      expect([...report.violations, ...verdict.findings], `seed ${seed}`).toEqual([]);
      // A storm in which nothing happened would prove nothing.
      expect(report.acknowledged).toBeGreaterThan(100);
      expect(verdict.uploads).toBeGreaterThan(2);
      expect(verdict.recordings).toBeGreaterThan(2);
      expect(verdict.bytesCompared).toBeGreaterThan(1_000_000);
    } finally {
      await rig.end();
    }
  });
});

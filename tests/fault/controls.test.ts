import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "./harness/judge.ts";
import { createRandom } from "./harness/random.ts";
import { type Prepared, prepare, type Rig, setUpRig } from "./harness/rig.ts";
import { recordWithRepeats, uploadWithRepeats } from "./harness/send-twice.ts";
import type { KillKind } from "./harness/server-process.ts";
import { storm } from "./harness/storm.ts";

// Every fault test runs here against a server that is broken on purpose (controls/), and must say so. The same storm,
// the same oracle, only fewer kills: a test that stays silent here would stay silent about a real loss.

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare();
}, 60_000);
afterAll(async () => await prepared?.end());

async function onBroken(control: string, work: (rig: Rig) => Promise<string[]>): Promise<string> {
  const rig = await setUpRig(prepared, { program: join(import.meta.dirname, "controls", control) });
  try {
    return (await work(rig)).join("\n");
  } finally {
    await rig.end();
  }
}

const killed =
  (kinds: readonly KillKind[], uploaders: number, kills = 3, gapMs: readonly [number, number] = [400, 900]) =>
  async (rig: Rig): Promise<string[]> => {
    const report = await storm(rig, { seed: 7, kills, kinds, uploaders, gapMs, untilFirst: true, mayEnd: true });
    if (report.violations.length > 0) return report.violations;
    return (await judge(rig, { untilFirst: true })).findings;
  };

describe("a broken server is caught by", { timeout: 120_000 }, () => {
  it("kills: a spool that never writes", async () => {
    const said = await onBroken("spool-in-memory.ts", killed(["everything", "server"], 0));
    expect(said).toMatch(/acknowledged fragment \d+ cannot be read/);
  });
  it("kills: an object store that writes later", async () => {
    const said = await onBroken("blob-store-write-back.ts", killed(["everything", "server"], 3));
    expect(said).toMatch(/upload .*not stored|does not match its hash|check ended with 1/);
  });
  it("kills: an answer before the commit", async () => {
    const said = await onBroken("answer-before-commit.ts", killed(["everything", "server"], 0));
    expect(said).toMatch(/were acknowledged|fragment-gap|init-missing/);
  });
  it("kills of PostgreSQL: an answer before the commit", async () => {
    const said = await onBroken("answer-before-commit.ts", killed(["postmaster", "backend"], 0));
    expect(said).toMatch(/were acknowledged|fragment-gap|init-missing/);
  });
  it("kills: an event outside the transaction of its change", async () => {
    const said = await onBroken("event-afterwards.ts", killed(["everything", "server"], 2, 3, [1500, 3000]));
    expect(said).toMatch(/evidence\.stored|check ended with 1/);
  });
  it("repeated requests: a PATCH that is taken at any offset", async () => {
    const said = await onBroken("any-offset.ts", (rig) => uploadWithRepeats(rig, createRandom(7)));
    expect(said).toMatch(/wrong offset|copies of one PATCH|stands at|ended on the way|another hash/);
  });
  it("repeated requests: a fragment that is acknowledged and dropped", async () => {
    const said = await onBroken("always-received.ts", (rig) => recordWithRepeats(rig, createRandom(7)));
    expect(said).toMatch(/was acknowledged, \d+ are there/);
  });
});

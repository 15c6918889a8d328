import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Job, type JobName, jobNames, type Jobs } from "../../ports/jobs.ts";
import { loginConfig } from "../postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../postgres/testing.ts";
import { openQueue, setUpQueue } from "./index.ts";

let base: TestDatabase;
let jobs: Jobs;
let agencyId: string;
const warnings: string[] = [];
const log = {
  info: () => undefined,
  warn: (_fields: object, text: string) => void warnings.push(text),
  error: () => undefined,
};
const connection = (): object => loginConfig(base.ownerConfig, "sworn_app", base.loginSecret);
const send = (name: JobName, id: string): Promise<void> =>
  base.database.forAgency(agencyId, (tx) => jobs.send(tx, name, { agencyId, id }));
const rowsOf = async (
  id: string,
): Promise<{ state: string; retry_count: number; start_after: Date; output: unknown }[]> => {
  const owner = await base.owner();
  return (
    await owner.query(`select state, retry_count, start_after, output from jobs.job where data->>'id' = $1`, [id])
  ).rows;
};

beforeAll(async () => {
  base = await createTestDatabase();
  agencyId = await base.agency("Harbour Police");
  jobs = await openQueue({ connection: connection(), log, graceMs: 1000, superviseSeconds: 1, pollSeconds: 0.5 });
});
afterAll(async () => {
  await jobs.stop();
  await base.close();
});

describe("a job", () => {
  test("exists only if the caller's transaction commits", async () => {
    const [kept, undone] = [randomUUID(), randomUUID()];
    await send("probe", kept);
    const failed = base.database.forAgency(agencyId, async (tx) => {
      await jobs.send(tx, "probe", { agencyId, id: undone });
      throw new Error("undo");
    });
    await expect(failed).rejects.toThrow("undo");
    expect(await rowsOf(kept)).toMatchObject([{ state: "created" }]);
    expect(await rowsOf(undone)).toEqual([]);
  });

  test("wakes a worker at the commit, long before it would look by itself, and is worked once", async () => {
    const patient = await openQueue({ connection: connection(), log, graceMs: 100, pollSeconds: 300 });
    try {
      const id = randomUUID();
      const seen: Job[] = [];
      await patient.work("seal-take", async (job) => void seen.push(job));
      await new Promise((resolve) => setTimeout(resolve, 300)); // its first look is over
      await send("seal-take", id);
      await expect.poll(() => seen, { interval: 5 }).toEqual([{ agencyId, id }]);
      await expect.poll(async () => (await rowsOf(id))[0]?.state).toBe("completed");
    } finally {
      await patient.stop();
    }
  });

  test("that throws is tried again later; one that always throws is parked as failed and counted", async () => {
    const id = randomUUID();
    let tries = 0;
    await jobs.work("poster", async () => {
      tries += 1;
      throw Object.assign(new Error("broken picture"), { code: "crashed", cause: { frame: "secret evidence" } });
    });
    await send("poster", id);
    await expect.poll(async () => (await rowsOf(id))[0]?.state).toBe("retry");
    const [waiting] = await rowsOf(id);
    expect(waiting?.start_after.getTime()).toBeGreaterThan(Date.now());
    // Waiting for the real delays would take minutes: the clock of this one row is moved instead.
    const owner = await base.owner();
    const hurry = async (): Promise<string | undefined> => {
      await owner.query("update jobs.job set start_after = now() where state = 'retry' and data->>'id' = $1", [id]);
      return (await rowsOf(id))[0]?.state;
    };
    await expect.poll(hurry, { timeout: 30_000, interval: 300 }).toBe("failed");
    expect(tries).toBe(5);
    expect((await jobs.counts()).poster).toEqual({ waiting: 0, active: 0, failed: 1 });
    const [parked] = await rowsOf(id);
    expect(JSON.stringify(parked?.output)).toContain("crashed: broken picture");
    expect(JSON.stringify(parked?.output)).not.toContain("secret evidence");
  }, 40_000);

  test("is given to another worker when the one that held it was killed", async () => {
    const id = randomUUID();
    const script = fileURLToPath(new URL("kept-worker.testing.ts", import.meta.url));
    const worker = spawn(process.execPath, [script, JSON.stringify(connection())], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await send("seal-upload", id);
      const [said] = (await once(worker.stdout, "data")) as [Buffer];
      expect(said.toString().trim()).toBe(id);
      expect((await jobs.counts())["seal-upload"].active).toBe(1);
    } finally {
      worker.kill("SIGKILL");
    }
    // Its last sign of life is moved back by the quarter of a minute that a worker is given.
    const owner = await base.owner();
    await owner.query("update jobs.job set heartbeat_on = heartbeat_on - interval '15 s' where data->>'id' = $1", [id]);
    const seen: string[] = [];
    await jobs.work("seal-upload", async (job) => void seen.push(job.id));
    await expect.poll(() => seen, { timeout: 15_000, interval: 100 }).toEqual([id]);
  }, 25_000);
});

test("stopping tells running jobs to end, and what did not end comes again", async () => {
  const second = await openQueue({ connection: connection(), log, graceMs: 300 });
  const id = randomUUID();
  let aborted = false;
  let started = false;
  await second.work("positions", async (_job, signal) => {
    started = true;
    await once(signal, "abort");
    aborted = true;
    throw new Error("stopped half way");
  });
  await send("positions", id);
  await expect.poll(() => started).toBe(true);
  await second.stop();
  expect(aborted).toBe(true);
  expect((await rowsOf(id))[0]?.state).toBe("retry");
});

test("counts name every job, also the idle ones", async () => {
  expect(Object.keys(await jobs.counts()).toSorted()).toEqual(jobNames.toSorted());
});

test("the application's login can work the queue but not change its tables", async () => {
  const app = await base.login("sworn_app");
  await expect(app.query("drop table jobs.job")).rejects.toMatchObject({ code: "42501" });
  await expect(app.query("create table jobs.other (x int)")).rejects.toMatchObject({ code: "42501" });
  await expect(app.query("truncate jobs.job")).rejects.toMatchObject({ code: "42501" });
});

test("setting up again changes nothing and loses no job", async () => {
  const id = randomUUID();
  await send("probe", id);
  await setUpQueue(await base.owner());
  expect(await rowsOf(id)).toMatchObject([{ state: "created" }]);
});

import { randomUUID } from "node:crypto";
import type { FailedJobs, Health, Role } from "@sworn/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failedJobs } from "../../adapters/queue/index.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import { jobNames } from "../../ports/jobs.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { healthRoutes } from "./index.ts";
import { forecast, judgeHealth } from "./judge-health.ts";

const DAY = 86_400_000;
let log: TestLog;
let url: string;
let close: () => Promise<unknown>;
let [agency, otherAgency] = ["", ""];
const people = new Map<string, { agencyId: string; roles: readonly Role[] }>();
let lastCheck: Health["log"]["check"] = null;
let free = 90;

const person = (agencyId: string, role: Role): string => {
  const id = randomUUID();
  people.set(id, { agencyId, roles: [role] });
  return id;
};
async function failJob(agencyId: string, reason: string): Promise<string> {
  const { rows } = await (
    await log.db.owner()
  ).query<{ id: string }>(
    `insert into jobs.job (name, data, state, retry_count, completed_on, output)
     values ('poster', $1, 'failed', 5, now(), $2) returning id`,
    [{ agencyId, id: randomUUID() }, { message: reason }],
  );
  return rows[0]?.id ?? "";
}
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the answer, as the caller knows it
async function ask<T>(who: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(url + path, {
    headers: { "x-test-person": who, "content-type": "application/json" },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith("{") ? JSON.parse(text) : text) as T };
}

beforeAll(async () => {
  log = await createTestLog();
  [agency, otherAgency] = [await log.db.agency("Harbor Police (test)"), await log.db.agency("Hill Police (test)")];
  const { database } = log.db;
  const counts = Object.fromEntries(jobNames.map((name) => [name, { waiting: 0, active: 0, failed: 0 }]));
  const server = serveRoutes({
    routes: healthRoutes({
      database,
      blobStore: { free: () => Promise.resolve({ free, total: 100 }) },
      jobs: { counts: () => Promise.resolve(counts as never) },
      failedJobs,
      custody: log.deps,
      clock: log.deps.clock,
      logFailure: () => null,
      homeDisk: () => Promise.resolve(null),
      lastCheck: () => Promise.resolve(lastCheck),
    }),
    identify: ({ headers }) => {
      const id = headers.get("x-test-person") ?? "";
      const found = people.get(id);
      if (found === undefined) return Promise.resolve(null);
      const principal = { kind: "person", actorId: id, personId: id, deviceId: null, ...found } as const;
      return Promise.resolve({ principal, viaCookie: false });
    },
    log: log.deps.log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
  close = () => server.close();
});
afterAll(async () => {
  await close();
  await log.close();
});

describe("health", () => {
  it("names what needs somebody, the worst first, and tells Prometheus how many", async () => {
    const admin = person(agency, "admin");
    const well = (await ask<Health>(admin, "/api/v1/health")).body;
    expect(well.problems).toEqual(["sheet-missing"]);
    expect(well.database.size).toBeGreaterThan(1_000_000);
    await failJob(agency, "crashed: broken picture");
    free = 4;
    lastCheck = { at: new Date(log.time.now - 40 * DAY).toISOString(), wrong: 2 };
    const ill = (await ask<Health>(admin, "/api/v1/health")).body;
    expect(ill.problems).toEqual(["disk-nearly-full", "check-found", "jobs-failed", "sheet-missing", "check-old"]);
    expect(ill.failed).toBe(1);
    log.time.now += 61_000; // what waits here is never given a checkpoint
    expect((await ask<Health>(admin, "/api/v1/health")).body.problems).toContain("log-late");
    expect((await ask<string>(admin, "/metrics")).body).toContain("\nsworn_problems 6\n");
  });

  it("lists failed work of one's own agency alone, and has one or all of it tried again, with an entry", async () => {
    const custodian = person(agency, "custodian");
    const theirs = await failJob(otherAgency, "theirs");
    const own = await failJob(agency, "crashed: another");
    const listed = (await ask<FailedJobs>(custodian, "/api/v1/jobs/failed")).body;
    expect(listed.items.map(({ reason, tries }) => `${reason} ${tries}`).toSorted()).toEqual([
      "crashed: another 5",
      "crashed: broken picture 5",
    ]);
    expect((await ask(custodian, "/api/v1/jobs/retry", { jobs: [theirs, randomUUID()] })).body).toEqual({ retried: 0 });
    expect((await ask(custodian, "/api/v1/jobs/retry", { jobs: [own] })).body).toEqual({ retried: 1 });
    expect((await ask(custodian, "/api/v1/jobs/retry", { jobs: [own] })).body).toEqual({ retried: 0 });
    expect((await ask(custodian, "/api/v1/jobs/retry", { jobs: "all" })).body).toEqual({ retried: 1 });
    const owner = await log.db.owner();
    const { rows } = await owner.query("select state from jobs.job where id = any($1) order by state", [[theirs, own]]);
    expect(rows).toEqual([{ state: "retry" }, { state: "failed" }].toSorted((a, b) => (a.state < b.state ? 1 : -1)));
    const { rows: events } = await owner.query(
      "select actor_id, subject_id from custody.entry where kind = 'job.retried'",
    );
    expect(events).toEqual(Array.from({ length: 2 }, () => ({ actor_id: custodian, subject_id: agency })));
  });

  it("is for those who may read it, and trying again for those who may", async () => {
    const [officer, auditor] = [person(agency, "officer"), person(agency, "auditor")];
    for (const path of ["/api/v1/health", "/metrics", "/api/v1/jobs/failed"])
      expect([(await ask(officer, path)).status, (await ask(auditor, path)).status]).toEqual([403, 200]);
    expect((await ask(auditor, "/api/v1/jobs/retry", { jobs: "all" })).status).toBe(403);
    const admin = person(agency, "admin");
    for (const jobs of [[], ["x"], "some", Array.from({ length: 101 }, () => randomUUID())])
      expect((await ask(admin, "/api/v1/jobs/retry", { jobs })).status).toBe(400);
  });
});

describe("the forecast", () => {
  const now = Date.UTC(2026, 10, 20);
  it("divides what is free by the last week's rate, or by what there is of a week", () => {
    const came = (bytes: number, days: number) => ({ bytes, firstAt: new Date(now - days * DAY) });
    expect(forecast(came(700, 7), 1000, now)).toEqual({ perDay: 100, fullInDays: 10 });
    expect(forecast(came(700, 2), 1000, now)).toEqual({ perDay: 350, fullInDays: 2.9 });
    // An hour's rush is no day's rate.
    expect(forecast(came(700, 1 / 24), 1000, now)).toEqual({ perDay: 700, fullInDays: 1.4 });
    expect(forecast({ bytes: 0, firstAt: null }, 1000, now)).toEqual({ perDay: null, fullInDays: null });
  });

  it("is a problem within a month; a stopped log comes before everything", () => {
    const figures = {
      version: "sworn",
      startedAt: "2026-11-20T00:00:00Z",
      log: {
        size: 5000,
        waiting: 3,
        lastAt: "2026-11-19T23:00:00Z",
        lateMs: 61_000,
        failure: null as string | null,
        check: null,
      },
      disk: { free: 50, total: 100, perDay: 2, fullInDays: 25 },
      homeDisk: null,
      database: { size: 1, connections: 95, most: 100, slow: 1 },
      jobs: {},
      failed: 0,
      recoverySheetAt: "2026-11-20T00:00:00Z",
      eventLoop: { p50: 0, p99: 0, max: 0 },
      memory: 0,
    };
    expect(judgeHealth(figures, now)).toEqual([
      "log-late",
      "disk-full-soon",
      "never-checked",
      "database-crowded",
      "queries-slow",
    ]);
    figures.log.failure = "Node 4 of level 2 is missing.";
    expect(judgeHealth(figures, now)[0]).toBe("log-stopped");
  });
});

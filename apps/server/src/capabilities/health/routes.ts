import { FailedJobs, Health, Problem, RetriedJobs, RetryJobs } from "@sworn/contract";
import { route, type Route } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import { type HealthDeps, makeReadHealth } from "./read-health.ts";
import { toMetrics } from "./to-metrics.ts";

/** More failed jobs than this are not listed; `more` says so. */
const MOST_LISTED = 100;

export function healthRoutes(deps: HealthDeps): Route[] {
  const readHealth = makeReadHealth(deps);
  return [
    route({
      method: "GET",
      path: "/healthz",
      access: { public: "load balancers ask; the answer holds nothing" },
      summary: "The process answers",
      handle: () => Promise.resolve({ body: { ok: true } }),
    }),
    route({
      method: "GET",
      path: "/readyz",
      access: { public: "load balancers ask; the answer holds nothing" },
      summary: "Evidence can be taken: database there, log not stopped",
      handle: async () => {
        await deps.database.withoutAgency((tx) => tx.selectFrom("sworn.deployment").select("log_origin").execute());
        if (deps.logFailure() !== null)
          throw new Problem("busy", "The custody log is stopped. An operator must run the check.");
        return { body: { ok: true } };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/health",
      access: { permission: "health.read" },
      summary: "Problems first; log, disk and its forecast, database, jobs, event loop",
      answer: Health,
      handle: async ({ principal }) => ({ body: await readHealth(principal.agencyId) }),
    }),
    route({
      method: "GET",
      path: "/api/v1/jobs/failed",
      access: { permission: "health.read" },
      summary: "Work on this agency's items that was given up, with the reason",
      answer: FailedJobs,
      handle: async ({ principal: { agencyId } }) => {
        const found = await deps.database.forAgency(agencyId, (tx) =>
          deps.failedJobs.list(tx, agencyId, MOST_LISTED + 1),
        );
        const items = found
          .slice(0, MOST_LISTED)
          .map((job) => ({ ...job, failedAt: job.failedAt?.toISOString() ?? null }));
        return { body: { items, more: found.length > MOST_LISTED } };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/jobs/retry",
      access: { permission: "job.retry" },
      summary: "Have failed work tried again: some of it, or all",
      body: RetryJobs,
      answer: RetriedJobs,
      handle: async ({ principal, body }) => {
        const { agencyId } = principal;
        const retried = await deps.database.forAgency(agencyId, async (tx) => {
          const ids = await deps.failedJobs.retry(tx, agencyId, body.jobs);
          if (ids.length > 0)
            await append(tx, deps.custody, agencyId, {
              kind: "job.retried",
              subject: { kind: "agency", id: agencyId },
              ...actorOf(principal),
              details: { count: ids.length, jobs: ids.toSorted().slice(0, 100) },
            });
          return ids.length;
        });
        return { body: { retried } };
      },
    }),
    route({
      method: "GET",
      path: "/metrics",
      access: { permission: "health.read" },
      summary: "The same for Prometheus",
      handle: async ({ principal }) => ({
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body: toMetrics(await readHealth(principal.agencyId)),
      }),
    }),
  ];
}

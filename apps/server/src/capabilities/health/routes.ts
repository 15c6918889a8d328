import { Problem } from "@sworn/contract";
import { route, type Route } from "../../ports/http.ts";
import { type HealthDeps, readHealth, toMetrics } from "./read-health.ts";

export function healthRoutes(deps: HealthDeps): Route[] {
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
      summary: "Log, disk, jobs, event loop",
      handle: async () => ({ body: await readHealth(deps) }),
    }),
    route({
      method: "GET",
      path: "/metrics",
      access: { permission: "health.read" },
      summary: "The same for Prometheus",
      handle: async () => ({
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        body: toMetrics(await readHealth(deps)),
      }),
    }),
  ];
}

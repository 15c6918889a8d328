export type { HealthDeps } from "./read-health.ts";
export { healthRoutes } from "./routes.ts";
export { givenUpJobs } from "./today.ts";

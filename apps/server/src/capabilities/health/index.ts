export type { HealthDeps } from "./read-health.ts";
export { healthRoutes } from "./routes.ts";

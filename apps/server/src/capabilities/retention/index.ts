export { decideAgain } from "./decide.ts";
export { workRetention } from "./jobs.ts";
export type { RetentionDeps } from "./retention-deps.ts";
export { retentionRoutes } from "./routes.ts";
export { categoriesOf } from "./store.ts";

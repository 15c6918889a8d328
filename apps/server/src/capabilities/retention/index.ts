export { createCategory, inWords } from "./categories.ts";
export { classify } from "./classify.ts";
export { decideAgain } from "./decide.ts";
export { placeHolds, releaseHolds } from "./holds.ts";
export { workRetention } from "./jobs.ts";
export { restrict } from "./restrict.ts";
export type { RetentionDeps } from "./retention-deps.ts";
export { retentionRoutes } from "./routes.ts";
export { categoriesOf, listCategories, toPeriod } from "./store.ts";

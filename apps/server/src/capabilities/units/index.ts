export { unitsRoutes } from "./routes.ts";
export type { UnitsDeps } from "./units-deps.ts";

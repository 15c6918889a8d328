export { changeMember, createClass } from "./classes.ts";
export { unitsRoutes } from "./routes.ts";
export { createUnit } from "./units.ts";
export type { UnitsDeps } from "./units-deps.ts";

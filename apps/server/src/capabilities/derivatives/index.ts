export { derivativeRoutes } from "./routes.ts";
export { workDerivatives } from "./jobs.ts";
export type { RenderDeps } from "./keep-derivative.ts";

export { correctTime, keepCorrection, lastCorrection, type TimeDeps } from "./correct-time.ts";
export { timeRoutes } from "./routes.ts";

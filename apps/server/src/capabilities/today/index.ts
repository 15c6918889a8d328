export { todayRoutes, type TodayDeps } from "./routes.ts";

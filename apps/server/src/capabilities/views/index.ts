export { viewsRoutes, type ViewsDeps } from "./routes.ts";

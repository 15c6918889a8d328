export { positionRoutes, type PositionRoutesDeps } from "./routes.ts";
export { type PositionsDeps, workPositions } from "./store-track.ts";

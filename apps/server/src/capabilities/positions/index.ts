export { positionRoutes, type PositionRoutesDeps } from "./routes.ts";
export { linesOf, startBounds, type TrackFacts } from "./rules.ts";
export { satelliteStart } from "./satellite-start.ts";
export { findTrack, insertTrack } from "./store.ts";
export { type PositionsDeps, workPositions } from "./store-track.ts";

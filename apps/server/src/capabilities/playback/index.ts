export { playbackRoutes } from "./routes.ts";
export type { PlaybackDeps } from "./serve-media.ts";

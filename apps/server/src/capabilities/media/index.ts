export { type SourceFile, reader } from "./copy-to-scratch.ts";
export { workMedia } from "./jobs.ts";
export type { MediaDeps } from "./media-deps.ts";
export { openOriginal } from "./open-original.ts";
export { mediaRoutes, type MediaRoutesDeps } from "./routes.ts";
export { settlePositions } from "./settle-positions.ts";
export { openScratch, type Scratch, type ScratchOptions } from "./scratch.ts";

export { endingShares } from "./today.ts";
export { sharingRoutes } from "./routes.ts";
export type { SharingDeps } from "./sharing-deps.ts";

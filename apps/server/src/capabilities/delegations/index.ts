export type { DelegationDeps } from "./delegations.ts";
export { delegationRoutes } from "./routes.ts";

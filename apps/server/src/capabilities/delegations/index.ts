export { type DelegationDeps, makeDelegation } from "./delegations.ts";
export { delegationRoutes } from "./routes.ts";

export { type LockOutDeps, openAgain } from "./lock-outs.ts";
export { signInRoutes, type SignInDeps } from "./routes.ts";
export { changePolicy, readPolicy } from "./policy.ts";
export { resetFactorsOf } from "./reset-factors.ts";

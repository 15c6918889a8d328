export { signInRoutes, type SignInDeps } from "./routes.ts";
export { changePolicy, readPolicy } from "./policy.ts";

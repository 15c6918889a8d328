export type { CallDeps } from "./call-deps.ts";
export { decide, settle } from "./decide.ts";
export { importCalls } from "./import-calls.ts";
export { factsOf } from "./put-calls.ts";
export { callRoutes } from "./routes.ts";

export { endLock, placeLock, recordStatement } from "./locks.ts";
export { statementRoutes } from "./routes.ts";

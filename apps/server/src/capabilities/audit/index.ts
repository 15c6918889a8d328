export type { AuditDeps } from "./audit.ts";
export { namingKinds } from "./describe-lines.ts";
export { auditRoutes } from "./routes.ts";

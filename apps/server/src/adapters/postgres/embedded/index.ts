export type { BinaryPackage } from "./binaries.ts";
export { connectRunningPostgres } from "./connect-running.ts";
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from "./embedded-postgres-error.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  type OwnerConnection,
  startEmbeddedPostgres,
} from "./start.ts";

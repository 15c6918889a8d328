import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Notify } from "../../ports/notify.ts";
import type { AppendDeps } from "../custody/index.ts";

export interface SharingDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly notify?: Notify;
}

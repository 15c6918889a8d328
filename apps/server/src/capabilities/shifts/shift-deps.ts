import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { AppendDeps } from "../custody/index.ts";

export interface ShiftDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

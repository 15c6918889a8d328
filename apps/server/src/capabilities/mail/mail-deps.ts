import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import type { Mail } from "../../ports/mail.ts";

export interface MailDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Log;
  /** Null: this deployment sends none. */
  readonly mail: Mail | null;
  /** 32 bytes that seal what must not stand in a row. */
  readonly secret: Uint8Array;
  /** Where all links lead. */
  readonly publicUrl: () => string;
}

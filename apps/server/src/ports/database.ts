import type { Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/** A transaction of one of the logins below. All reads and writes go through one. */
export type Tx = Transaction<Tables>;

/**
 * The database as capabilities see it. Logins differ in what the grants let them do, so the method says which
 * one works. Serialization failures and deadlocks are retried up to 3 times: work MUST have no other effects.
 */
export interface Database {
  /** The application's login, with row-level security set to this agency. */
  forAgency<T>(agencyId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The application's login without an agency: deployment row, owner's functions, checkpoints. Sees no agency's rows. */
  withoutAgency<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Assigns leaves; can touch nothing but the log. */
  asSequencer<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads everything in one snapshot (repeatable read, read only), changes nothing. */
  asChecker<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Ids of all agencies, for background work that goes through them one by one. */
  agencyIds(): Promise<string[]>;
}

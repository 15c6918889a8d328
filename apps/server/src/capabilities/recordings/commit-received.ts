import { Problem } from "@sworn/contract";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { insertReceived, type ReceivedRow } from "./store.ts";

type Waiting = { readonly row: ReceivedRow; readonly resolve: () => void; readonly reject: (error: unknown) => void };

/**
 * Commits the rows of what lies in the spool: everything that one fdatasync covered, in one transaction per agency.
 * While one transaction is under way the next group gathers, so the slower the database the larger the groups.
 */
export class ReceivedCommitter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Set<string>();
  /** How many appended, not yet committed fragments each segment holds: it must not be released meanwhile. */
  readonly #inFlight = new Map<string, number>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Resolves after the commit. `device-busy` when another process moved or closed the take in the meantime. */
  async commit(agencyId: string, row: ReceivedRow): Promise<void> {
    const { segment } = row.place;
    this.#inFlight.set(segment, (this.#inFlight.get(segment) ?? 0) + 1);
    try {
      await new Promise<void>((resolve, reject) => {
        const waiting = this.#waiting.get(agencyId) ?? [];
        this.#waiting.set(agencyId, waiting);
        waiting.push({ row, resolve, reject });
        if (!this.#running.has(agencyId)) void this.#run(agencyId);
      });
    } finally {
      const left = (this.#inFlight.get(segment) ?? 1) - 1;
      if (left > 0) this.#inFlight.set(segment, left);
      else this.#inFlight.delete(segment);
    }
  }

  segmentsInFlight(): Set<string> {
    return new Set(this.#inFlight.keys());
  }

  async #run(agencyId: string): Promise<void> {
    this.#running.add(agencyId);
    // All that one fdatasync covered is acknowledged in one turn: let it gather.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const group = this.#waiting.get(agencyId) ?? [];
      this.#waiting.delete(agencyId);
      if (group.length === 0) break;
      await this.#write(agencyId, group);
    }
    this.#running.delete(agencyId);
  }

  async #write(agencyId: string, group: readonly Waiting[]): Promise<void> {
    try {
      const rows = group.map((waiting) => waiting.row);
      const now = new Date(this.#clock.now());
      const moved = await this.#database.forAgency(agencyId, (tx) => insertReceived(tx, agencyId, rows, now));
      for (const { row, resolve, reject } of group) {
        if (moved.has(row.takeId)) resolve();
        else reject(new Problem("device-busy"));
      }
    } catch (error) {
      // Whether it was committed is unknown then. The camera sends again; the row, if there is one, answers.
      for (const { reject } of group) reject(error);
    }
  }
}

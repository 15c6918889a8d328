import { Problem } from "@sworn/contract";
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import { type ClientConfig, Pool } from "pg";

import type { Database, Tx } from "../../ports/database.ts";
import type { Log } from "../../ports/log.ts";
import type { Tables } from "../../ports/tables.ts";
import { isAway, isTransient } from "./database-away.ts";
import { loginConfig, type LoginRole, type LoginSecret } from "./login.ts";
import { poolTypes } from "./parse-types.ts";

export interface OpenDatabase extends Database {
  /** One statement of the application's login outside any transaction of ours, for the queue. */
  executeAsApp(text: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
  /** Waits for transactions that run, then closes. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly ownerConfig: ClientConfig;
  readonly loginSecret: LoginSecret;
  readonly log: Log;
  /** Connections of the application; the other logins need one or two. */
  readonly appConnections?: number;
  /** Milliseconds to wait for a free connection before `busy`. */
  readonly waitMs?: number;
}

interface Limits {
  readonly max: number;
  readonly statement_timeout: number;
  readonly lock_timeout: number;
  readonly idle_in_transaction_session_timeout: number;
}

/**
 * Opens pools lazily: no connection is made before the first question.
 * Every method throws `Problem("busy")` when the database is away.
 */
export function openDatabase(options: OpenOptions): OpenDatabase {
  const { ownerConfig, loginSecret, log } = options;
  const waitMs = options.waitMs ?? 10_000;
  const pools: Pool[] = [];
  let closing = false;
  const open = (role: LoginRole, limits: Limits): { pool: Pool; db: Kysely<Tables> } => {
    const pool = new Pool({
      ...loginConfig(ownerConfig, role, loginSecret),
      ...limits,
      application_name: `sworn ${role.slice("sworn_".length)}`,
      connectionTimeoutMillis: waitMs,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      types: poolTypes,
    });
    // A connection that breaks is replaced; without a listener on both, idle and taken, it would end the process.
    // Silent once we close: the pool's `end` answers before the last socket has said goodbye.
    const broke = (error: Error): void => {
      if (!closing) log.warn({ role, error: error.message }, "a database connection broke");
    };
    pool.on("error", broke);
    pool.on("connect", (client) => client.on("error", broke));
    pools.push(pool);
    return { pool, db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }) };
  };
  const second = 1000;
  const app = open("sworn_app", {
    max: options.appConnections ?? 20,
    statement_timeout: 30 * second,
    lock_timeout: 10 * second,
    idle_in_transaction_session_timeout: 60 * second,
  });
  const sequencer = open("sworn_sequencer", {
    max: 2,
    statement_timeout: 60 * second,
    lock_timeout: 10 * second,
    idle_in_transaction_session_timeout: 60 * second,
  });
  // The checker reads for as long as it takes, and reads objects between two questions.
  const checker = open("sworn_checker", {
    max: 2,
    statement_timeout: 0,
    lock_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  });

  return {
    forAgency: (agencyId, work) =>
      attempt(async () =>
        app.db.transaction().execute(async (tx) => {
          await sql`select set_config('sworn.agency', ${agencyId}, true)`.execute(tx);
          return await work(tx);
        }),
      ),
    withoutAgency: (work) => attempt(async () => app.db.transaction().execute(work)),
    asSequencer: (work) => attempt(async () => sequencer.db.transaction().execute(work)),
    asChecker: (work) =>
      attempt(async () =>
        checker.db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work),
      ),
    agencyIds: () =>
      attempt(async () => {
        const { rows } = await sql<{ id: string }>`select sworn.agency_ids() as id`.execute(app.db);
        return rows.map(({ id }) => id);
      }),
    executeAsApp: (text, values = []) => attempt(async () => app.pool.query<object>(text, [...values])),
    close: async () => {
      closing = true;
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** Runs raw SQL on the caller's transaction: what pg-boss calls `executeSql`, so that a rollback leaves no job. */
export function appSql(tx: Tx): (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }> {
  return async (text, values = []) => {
    const { rows } = await tx.executeQuery(CompiledQuery.raw(text, [...values]));
    return { rows };
  };
}

const RETRIES = 3;

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (isTransient(error) && tries < RETRIES) {
        await pause(2 ** tries * 10 * (1 + Math.random()));
        continue;
      }
      if (isAway(error)) {
        throw new Problem(
          "busy",
          "The database cannot be reached just now. Look whether your change was made, and try again shortly.",
          {
            cause: error,
          },
        );
      }
      throw error;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Health } from "@sworn/contract";
import { sql } from "kysely";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { FailedJobs, Jobs } from "../../ports/jobs.ts";
import type { AppendDeps } from "../custody/index.ts";
import { forecast, judgeHealth } from "./judge-health.ts";

export interface HealthDeps {
  readonly database: Database;
  readonly blobStore: Pick<BlobStore, "free">;
  readonly jobs: Pick<Jobs, "counts">;
  readonly failedJobs: FailedJobs;
  readonly custody: AppendDeps;
  readonly clock: Clock;
  /** What stopped the log, in words; null while it runs. */
  readonly logFailure: () => string | null;
  /** The disk of the spool and of the embedded database, where it is another one than the objects'. */
  readonly homeDisk: () => Promise<{ free: number; total: number } | null>;
  /** What `sworn check` left when it last came to its end. */
  readonly lastCheck: () => Promise<Health["log"]["check"]>;
}

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
const startedAt = new Date().toISOString();

type ReadHealth = (agencyId: string) => Promise<Health>;

/** Reads all of it; what came in lately is added up at most once a minute. */
export function makeReadHealth(deps: HealthDeps): ReadHealth {
  const cameIn = atMostEvery(60_000, deps.clock, () => readCameIn(deps));
  const late = watchLateness();
  return async (agencyId) => {
    const now = deps.clock.now();
    const [log, database, failed, free, homeDisk, check, came, jobs] = await Promise.all([
      readLog(deps.database),
      readDatabase(deps.database),
      deps.database.forAgency(agencyId, (tx) => deps.failedJobs.count(tx, agencyId)),
      deps.blobStore.free(),
      deps.homeDisk(),
      deps.lastCheck(),
      cameIn(),
      deps.jobs.counts(),
    ]);
    const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
    const eventLoop = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
    delay.reset();
    const figures = {
      version: deps.custody.software,
      startedAt,
      log: { ...log.log, lateMs: late(log.log, now), failure: deps.logFailure(), check },
      disk: free === null ? null : { ...free, ...forecast(came, free.free, now) },
      homeDisk,
      database,
      jobs,
      failed,
      recoverySheetAt: log.recoverySheetAt,
      eventLoop,
      memory: process.memoryUsage.rss(),
    };
    return { ok: figures.log.failure === null, problems: judgeHealth(figures, now), ...figures };
  };
}

/** What waits carries no time, and an idle log's last checkpoint may be an hour old: so standing still is watched. */
function watchLateness(): (log: { size: number; waiting: number }, now: number) => number {
  let stood = { size: -1, since: 0 };
  return ({ size, waiting }, now) => {
    if (waiting === 0 || size !== stood.size || now < stood.since) stood = { size, since: now };
    return now - stood.since;
  };
}

async function readLog(
  database: Database,
): Promise<{ log: Pick<Health["log"], "size" | "waiting" | "lastAt">; recoverySheetAt: string | null }> {
  return await database.withoutAgency(async (tx) => {
    const last = await tx
      .selectFrom("custody.checkpoint")
      .select(["size", "at"])
      .orderBy("size", "desc")
      .limit(1)
      .executeTakeFirst();
    const { waiting } = await tx
      .selectFrom("custody.pending")
      .select((eb) => eb.fn.countAll<number>().as("waiting"))
      .executeTakeFirstOrThrow();
    const deployment = await tx.selectFrom("sworn.deployment").select("recovery_sheet_at").executeTakeFirst();
    return {
      log: { size: last?.size ?? 0, lastAt: last?.at.toISOString() ?? null, waiting },
      recoverySheetAt: deployment?.recovery_sheet_at?.toISOString() ?? null,
    };
  });
}

/** Other logins' questions are hidden from the application's: only its own count as slow. */
async function readDatabase(database: Database): Promise<Health["database"]> {
  const { rows } = await database.withoutAgency((tx) =>
    sql<Health["database"]>`
      select pg_database_size(current_database())::int8 as size,
        (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as connections,
        current_setting('max_connections')::int as most,
        (select count(*) from pg_stat_activity where state = 'active' and datname = current_database()
           and query_start < now() - interval '10 s')::int as slow`.execute(tx),
  );
  return rows[0] ?? { size: 0, connections: 0, most: 0, slow: 0 };
}

async function readCameIn({ database, clock }: HealthDeps): Promise<{ bytes: number; firstAt: Date | null }> {
  const since = new Date(clock.now() - 7 * 86_400_000);
  const sum = { bytes: 0, firstAt: null as Date | null };
  for (const agencyId of await database.agencyIds()) {
    const { bytes, first } = await database.forAgency(agencyId, (tx) =>
      tx
        .selectFrom("sworn.span")
        .select([
          sql<number>`coalesce(sum(sealed_size), 0)::int8`.as("bytes"),
          sql<Date | null>`min(created_at)`.as("first"),
        ])
        .where("agency_id", "=", agencyId)
        .where("created_at", ">=", since)
        .executeTakeFirstOrThrow(),
    );
    sum.bytes += bytes;
    if (first !== null && (sum.firstAt === null || first < sum.firstAt)) sum.firstAt = first;
  }
  return sum;
}

function atMostEvery<T>(ms: number, clock: Clock, work: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return () => {
    const now = clock.now();
    if (last === undefined || now - last.at > ms || now < last.at) {
      const answer = work();
      last = { at: now, answer };
      answer.catch(() => (last = undefined)); // what failed is asked again
    }
    return last.answer;
  };
}

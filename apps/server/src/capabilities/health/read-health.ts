import { monitorEventLoopDelay } from "node:perf_hooks";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { type Jobs, jobNames, type JobName } from "../../ports/jobs.ts";

export interface HealthDeps {
  readonly database: Database;
  readonly blobStore: BlobStore;
  readonly jobs: Jobs;
  /** What stopped the log, in words; null while it runs. */
  readonly logFailure: () => string | null;
}

export interface Health {
  readonly ok: boolean;
  readonly log: {
    readonly size: number;
    readonly waiting: number;
    readonly lastAt: string | null;
    readonly failure: string | null;
  };
  readonly disk: { readonly free: number; readonly total: number } | null;
  readonly jobs: Record<JobName, { waiting: number; active: number; failed: number }>;
  /** Milliseconds; how long the server's one thread kept others waiting, since the last question. */
  readonly eventLoop: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly memory: number;
}

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

export async function readHealth(deps: HealthDeps): Promise<Health> {
  const log = await deps.database.withoutAgency(async (tx) => {
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
    return { size: last?.size ?? 0, lastAt: last?.at.toISOString() ?? null, waiting };
  });
  const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
  const eventLoop = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
  delay.reset();
  const failure = deps.logFailure();
  return {
    ok: failure === null,
    log: { ...log, failure },
    disk: await deps.blobStore.free(),
    jobs: await deps.jobs.counts(),
    eventLoop,
    memory: process.memoryUsage.rss(),
  };
}

/** Prometheus text format 0.0.4. */
export function toMetrics(health: Health): string {
  const lines = [
    gauge("sworn_log_size", "Leaves under the last checkpoint", health.log.size),
    gauge("sworn_log_waiting", "Events that wait for a checkpoint", health.log.waiting),
    gauge("sworn_log_failed", "1 when the log is stopped and a person must look", health.log.failure === null ? 0 : 1),
    gauge("sworn_memory_bytes", "Resident memory", health.memory),
    gauge("sworn_event_loop_p99_seconds", "Event loop delay since the last scrape", health.eventLoop.p99 / 1000),
    ...(health.disk === null
      ? []
      : [gauge("sworn_disk_free_bytes", "Free space of the object store", health.disk.free)]),
    "# HELP sworn_jobs Media and sealing jobs by state",
    "# TYPE sworn_jobs gauge",
    ...jobNames.flatMap((name) =>
      Object.entries(health.jobs[name]).map(([state, count]) => `sworn_jobs{name="${name}",state="${state}"} ${count}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}`;
}

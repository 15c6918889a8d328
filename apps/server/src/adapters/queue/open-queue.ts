import type { ClientConfig } from "pg";
import { fromKysely, type Job as BossJob, PgBoss } from "pg-boss";
import { type Job, type JobName, jobNames, type Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import { queueSchema } from "./queue-plan.ts";

export interface QueueOptions {
  /** The application's login: `loginConfig(owner, "sworn_app", secret)`. */
  readonly connection: ClientConfig;
  readonly log: Log;
  /** False for a process that only sends: it neither listens nor looks after other workers' jobs. */
  readonly works?: boolean;
  /** How long `stop` lets running jobs finish before their signal aborts, in ms. Default 5 s. */
  readonly graceMs?: number;
  /** Seconds between looks for jobs whose worker died. Default 10. */
  readonly superviseSeconds?: number;
  /** Seconds between looks for jobs that came due or whose notification was lost. Default 2, at least 0.5. */
  readonly pollSeconds?: number;
}

/** pg-boss behind the Jobs port. The owner has run `setUpQueue`; this login creates and migrates nothing. */
export async function openQueue(options: QueueOptions): Promise<Jobs> {
  const { log, works = true, graceMs = 5000, superviseSeconds = 10, pollSeconds = 2 } = options;
  const boss = new PgBoss({
    ...(options.connection as object),
    schema: queueSchema,
    application_name: "sworn queue",
    max: works ? 6 : 2,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: works,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    maintenanceIntervalSeconds: 600,
    useListenNotify: works,
    // Rebuilding indexes and judging vacuum need an owner's rights, which this login must not have.
    reindex: false,
    monitorVacuum: false,
  });
  let stopped: Promise<void> | undefined;
  // A database that is away raises one error per question; the polling goes on and finds it again.
  boss.on("error", (error: Error) => {
    if (stopped === undefined) log.warn({ error: error.message }, "the job queue met an error; it goes on");
  });
  await boss.start();
  const stopping = new AbortController();

  return {
    async send(tx, name, job, at) {
      const when = at === undefined ? {} : { startAfter: at };
      await boss.send(name, { agencyId: job.agencyId, id: job.id }, { db: fromKysely(tx), ...when });
    },
    async work(name, handler, { concurrency = 1 } = {}) {
      await boss.work<Job>(
        name,
        // A new job wakes a worker at its commit; one that is due again is found by the poll.
        {
          batchSize: 1,
          localConcurrency: concurrency,
          pollingIntervalSeconds: pollSeconds,
          notifyPollingIntervalSeconds: pollSeconds,
        },
        async ([job]) => {
          if (job !== undefined) await runJob(name, job, handler, stopping.signal, log);
        },
      );
    },
    counts: () => countJobs(boss),
    stop() {
      stopped ??= (async () => {
        const patience = setTimeout(() => stopping.abort(new Error("the server stops")), graceMs);
        await boss.stop({ graceful: true, timeout: graceMs + 5000 });
        clearTimeout(patience);
        // A handler that ignored its signal was failed by pg-boss and comes again after the next start.
        stopping.abort(new Error("the server stops"));
      })();
      return stopped;
    },
  };
}

async function runJob(
  name: JobName,
  job: BossJob<Job>,
  handler: (job: Job, signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
  log: Log,
): Promise<void> {
  const signal = AbortSignal.any([stopping, job.signal]);
  const failure = await handler({ agencyId: job.data.agencyId, id: job.data.id }, signal).then(
    () => null,
    (error: unknown) => errorText(error),
  );
  if (failure === null) return;
  log.warn({ job: name, id: job.data.id, error: failure }, "a job failed; it will be tried again or parked");
  // pg-boss keeps what is thrown, causes included, in its table: a bare message, never an object that holds evidence.
  const bare = new Error(failure);
  delete bare.stack;
  throw bare;
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return "unknown failure";
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  return `${code}${error.message}`.slice(0, 500);
}

async function countJobs(boss: PgBoss): ReturnType<Jobs["counts"]> {
  const counts = Object.fromEntries(jobNames.map((name) => [name, { waiting: 0, active: 0, failed: 0 }]));
  const { rows } = await boss.getDb().executeSql(
    `select name,
            (count(*) filter (where state in ('created', 'retry')))::int as waiting,
            (count(*) filter (where state = 'active'))::int as active,
            (count(*) filter (where state = 'failed'))::int as failed
       from ${queueSchema}.job where state <> 'completed' group by name`,
  );
  for (const { name, ...count } of rows as { name: string; waiting: number; active: number; failed: number }[])
    if (name in counts) counts[name] = count;
  return counts as Awaited<ReturnType<Jobs["counts"]>>;
}

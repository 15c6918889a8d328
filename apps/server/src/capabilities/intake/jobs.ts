import type { Jobs } from "../../ports/jobs.ts";
import { sealUpload } from "./seal-upload.ts";
import { makeOrphanSweep, sweepUploads } from "./sweep-intake.ts";
import type { IntakeDeps } from "./upload-deps.ts";

const SWEEP_UPLOADS_MS = 10 * 60 * 1000;
const SWEEP_ORPHANS_MS = 3 * 60 * 60 * 1000;

export interface IntakeWork {
  stop(): Promise<void>;
}

/** Seals what was received and sweeps what was left. Several workers may run: every step is safe to do twice. */
export async function startIntakeWork(deps: IntakeDeps & { jobs: Jobs }): Promise<IntakeWork> {
  await deps.jobs.work("seal-upload", (job, signal) => sealUpload(deps, job, signal), { concurrency: 2 });
  const sweepOrphans = makeOrphanSweep(deps);
  let running: Promise<unknown> = Promise.resolve();
  const every = (ms: number, work: () => Promise<unknown>): NodeJS.Timeout => {
    const run = (): void => {
      running = running
        .then(work)
        .catch((error: unknown) => deps.log.warn({ err: error }, "a sweep of the intake failed; it is tried again"));
    };
    run();
    return setInterval(run, ms).unref();
  };
  const timers = [
    every(SWEEP_UPLOADS_MS, async () => {
      for (const agencyId of await deps.database.agencyIds()) await sweepUploads(deps, agencyId);
    }),
    every(SWEEP_ORPHANS_MS, sweepOrphans),
  ];
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}

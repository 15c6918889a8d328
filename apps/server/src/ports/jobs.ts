import type { Tx } from "./database.ts";

/** Names are closed so that a job nobody works is a compile error, not a silent pile. */
export const jobNames = [
  "seal-upload",
  "seal-take",
  "probe",
  "poster",
  "storyboard",
  "positions",
  "render",
  "decide-retention",
] as const;
export type JobName = (typeof jobNames)[number];

/** Jobs carry ids only; the worker sets the agency before it reads. */
export interface Job {
  readonly agencyId: string;
  /** upload, take, evidence, rendering or category id (decide-retention: the agency's for all), as the job's name says */
  readonly id: string;
}

/**
 * Contract: `send` takes part in the caller's transaction: a rollback leaves no job. Work is at least once,
 * so a handler must be idempotent; a handler that throws is retried with backoff, then parked as failed.
 */
export interface Jobs {
  send(tx: Tx, name: JobName, job: Job): Promise<void>;
  work(
    name: JobName,
    handler: (job: Job, signal: AbortSignal) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>;
  counts(): Promise<Record<JobName, { waiting: number; active: number; failed: number }>>;
  stop(): Promise<void>;
}

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
  "mail",
] as const;
export type JobName = (typeof jobNames)[number];

/** Jobs carry ids only; the worker sets the agency before it reads. */
export interface Job {
  readonly agencyId: string;
  /** upload, take, evidence, rendering, letter or category id (decide-retention: the agency's for all), as the job's name says */
  readonly id: string;
}

/**
 * Contract: `send` takes part in the caller's transaction: a rollback leaves no job. Work is at least once,
 * so a handler must be idempotent; a handler that throws is retried with backoff, then parked as failed.
 */
export interface Jobs {
  /** Worked at once, or not before `at`. */
  send(tx: Tx, name: JobName, job: Job, at?: Date): Promise<void>;
  work(
    name: JobName,
    handler: (job: Job, signal: AbortSignal) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<void>;
  counts(): Promise<Record<JobName, { waiting: number; active: number; failed: number }>>;
  stop(): Promise<void>;
}

/** A job that was given up, as whoever may have it tried again sees it. */
export interface FailedJob {
  readonly id: string;
  readonly name: JobName;
  readonly about: string;
  readonly failedAt: Date | null;
  /** Never more than 500 characters, and nothing of the evidence. */
  readonly reason: string;
  readonly tries: number;
}

/** Contract: jobs of another agency are neither listed nor touched. `retry` takes part in the caller's transaction. */
export interface FailedJobs {
  list(tx: Tx, agencyId: string, limit: number): Promise<FailedJob[]>;
  count(tx: Tx, agencyId: string): Promise<number>;
  /** Ids that were failed and are to be worked again; `all`: at most 1000 of them, the oldest first. */
  retry(tx: Tx, agencyId: string, which: "all" | readonly string[]): Promise<string[]>;
}

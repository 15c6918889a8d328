import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** What a person should look at, the worst first. Closed, so that every screen can say what to do. */
export const healthProblems = [
  "log-stopped", // nothing is logged any more
  "disk-nearly-full", // less than a twentieth is free
  "check-found", // the last check found what must not be
  "log-late", // events wait and no checkpoint has come for a minute
  "jobs-failed",
  "disk-full-soon", // within 30 days at the last week's rate
  "sheet-missing", // the keys would be lost with the disk
  "never-checked",
  "check-old", // more than 30 days ago
  "database-crowded", // nine of ten connections are taken
  "queries-slow", // something runs for more than 10 s
] as const;
export const HealthProblem = z.enum(healthProblems);
export type HealthProblem = z.infer<typeof HealthProblem>;

const Bytes = z.number().nonnegative();

/** How the server does. Figures are of the whole deployment; failed jobs are of the asker's agency alone. */
export const Health = z.object({
  ok: z.boolean(),
  version: z.string(),
  startedAt: Instant,
  problems: z.array(HealthProblem),
  log: z.object({
    size: z.int(),
    waiting: z.int(),
    lastAt: Instant.nullable(),
    /** For how long events have been seen waiting without a new checkpoint, in ms. */
    lateMs: z.int().nonnegative(),
    failure: z.string().nullable(),
    /** `sworn check`, when it last ran to its end on this data home. */
    check: z.object({ at: Instant, wrong: z.int() }).nullable(),
  }),
  /** Where objects lie. */
  disk: z
    .object({
      free: Bytes,
      total: Bytes,
      /** Came in per day, of the last seven; null while nothing came in. */
      perDay: Bytes.nullable(),
      fullInDays: z.number().nonnegative().nullable(),
    })
    .nullable(),
  /** Where the spool and the embedded database lie; null where that is the objects' disk or not known. */
  homeDisk: z.object({ free: Bytes, total: Bytes }).nullable(),
  database: z.object({ size: Bytes, connections: z.int(), most: z.int(), slow: z.int() }),
  jobs: z.record(z.string(), z.object({ waiting: z.int(), active: z.int(), failed: z.int() })),
  failed: z.int(),
  recoverySheetAt: Instant.nullable(),
  /** Milliseconds: how long the server's one thread kept others waiting, since the last question. */
  eventLoop: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  memory: Bytes,
});
export type Health = z.infer<typeof Health>;

export const FailedJobs = z.object({
  items: z.array(
    z.object({
      id: Id,
      name: z.string(),
      /** What it was to work on: an upload, a part, an item. */
      about: z.string(),
      failedAt: Instant.nullable(),
      reason: z.string(),
      tries: z.int(),
    }),
  ),
  /** There are more than are listed. */
  more: z.boolean(),
});
export type FailedJobs = z.infer<typeof FailedJobs>;

/** Which: ids from the list, or all of this agency. */
export const RetryJobs = z.object({ jobs: z.union([z.literal("all"), z.array(Id).min(1).max(100)]) });
export const RetriedJobs = z.object({ retried: z.int() });

import type { Queue } from "pg-boss";
import { type JobName, jobNames } from "../../ports/jobs.ts";

/** Where pg-boss keeps its tables: a schema of its own, made by the owner. */
export const queueSchema = "jobs";

const hour = 3600;
const day = 24 * hour;

// What a worker holds is taken back this long after its last sign of life: a killed one is noticed in seconds,
// however long the job may take.
const common = { heartbeatSeconds: 15, retryBackoff: true, retentionSeconds: 3650 * day, deleteAfterSeconds: 30 * day };

// Sealing is what turns `received` into `stored`. Giving up on it would strand acknowledged bytes, which is worse
// than trying for ever: a killed worker costs a try too, and a node may be killed many times in a row.
const seal = { ...common, retryLimit: 10_000, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 12 * hour };

// Media jobs open hostile files: four more tries, then parked where a person sees it and may ask again.
const media = { ...common, retryLimit: 4, retryDelay: 2, retryDelayMax: 120, expireInSeconds: hour };

const limits: Record<JobName, Omit<Queue, "name">> = {
  "seal-upload": seal,
  "seal-take": seal,
  probe: media,
  poster: media,
  storyboard: media,
  positions: media,
  // Says itself how it ended; only a worker that died leaves it to be tried again.
  render: { ...media, expireInSeconds: 2 * hour },
  // A mail server may be away for a night: from half a minute to an hour apart, then parked.
  mail: { ...common, retryLimit: 10, retryDelay: 30, retryDelayMax: hour, expireInSeconds: 300 },
  "decide-retention": { ...seal, expireInSeconds: hour },
};

/** One queue per job name, each with its tries, delays and time limit. `notify`: a worker wakes at the commit. */
export function queuePlan(): Queue[] {
  return jobNames.map((name) => ({ name, policy: "standard", notify: true, ...limits[name] }));
}

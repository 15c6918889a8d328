import type { Jobs } from "../../ports/jobs.ts";
import { decideAll } from "./categories.ts";
import type { RetentionDeps } from "./retention-deps.ts";

/** After a rule changed. */
export async function workRetention(deps: RetentionDeps & { jobs: Jobs }): Promise<void> {
  await deps.jobs.work("decide-retention", (job, signal) => decideAll(deps, job, signal));
}

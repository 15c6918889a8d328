import type { FailedJobs } from "../../ports/jobs.ts";
import type { TodaySource } from "../../ports/today.ts";

/** Work on the agency's items that was given up. Which item it was on is not said: who runs the system need not see it. */
export function givenUpJobs(failedJobs: FailedJobs): TodaySource {
  return {
    kind: "job-failed",
    needs: "job.retry",
    read: async (tx, { agencyId }, most) =>
      (await failedJobs.list(tx, agencyId, most)).map(({ id, name, failedAt }) => ({
        // With its time: work that is given up again is told of again.
        key: `job-failed:${id}:${failedAt?.toISOString() ?? ""}`,
        evidenceId: null,
        title: "",
        job: name,
        at: failedAt?.toISOString() ?? null,
        due: null,
      })),
  };
}

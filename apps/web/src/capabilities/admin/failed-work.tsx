import { Button } from "@mantine/core";
import type { Health } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { healthQuery } from "../../app/health-query.ts";
import { useMay, useMoments } from "../../app/me.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { Rows } from "./panel.tsx";

const say = words.health;
const nameOf = (job: string): string => say.jobNames[job] ?? job;

/** What waits, runs and failed, by kind; kinds that rest are left out. */
export function Work(props: { jobs: Health["jobs"] }): ReactElement {
  const busy = Object.entries(props.jobs).filter(([, job]) => job.waiting + job.active + job.failed > 0);
  return (
    <>
      <h3 className="health-title">{say.queue}</h3>
      {busy.length === 0 ? (
        <p className="quiet">{say.idle}</p>
      ) : (
        <Rows
          label={say.queue}
          columns={[say.work, say.waiting, say.running, say.failed]}
          rows={busy.map(([name, job]) => [name, [nameOf(name), job.waiting, job.active, job.failed]])}
        />
      )}
    </>
  );
}

/** What was given up, why, and the way to have it tried again. */
export function FailedWork(props: { count: number }): ReactElement | null {
  const may = useMay()("job.retry");
  const moments = useMoments();
  const failed = useQuery({
    // Asked again whenever the count changes.
    queryKey: ["health", "failed", props.count],
    queryFn: ({ signal }) => sworn.health.failedJobs(signal),
    enabled: props.count > 0,
  });
  const retry = useMutation({
    mutationFn: (jobs: "all" | string[]) => sworn.health.retryJobs(jobs),
    onSuccess: () => queries.invalidateQueries({ queryKey: healthQuery.queryKey }),
  });
  const said = retry.isError ? reasonOf(retry.error) : retry.isSuccess ? say.retried(retry.data) : "";
  const items = props.count === 0 ? [] : (failed.data?.items ?? []);
  return (
    <>
      <p role="status" className={retry.isError ? "add-problem" : "soft"}>
        {said}
      </p>
      {items.length === 0 ? null : (
        <>
          <h3 className="health-title">{say.failedTitle}</h3>
          <Rows
            label={say.failedTitle}
            acts={may}
            columns={[say.work, say.why, say.when, say.about, ...(may ? [say.again] : [])]}
            rows={items.map((job) => [
              job.id,
              [
                nameOf(job.name),
                job.reason === "" ? say.noReason : job.reason,
                job.failedAt === null ? "" : moments.full(job.failedAt),
                <span key="about" className="mono small">
                  {job.about.slice(0, 8)}
                </span>,
                ...(may
                  ? [
                      <Button
                        key="again"
                        size="compact-xs"
                        variant="default"
                        aria-label={say.againOf(nameOf(job.name))}
                        onClick={() => retry.mutate([job.id])}
                      >
                        {say.again}
                      </Button>,
                    ]
                  : []),
              ],
            ])}
          />
          {failed.data?.more === true ? <p className="quiet small">{say.moreFailed}</p> : null}
          {may ? (
            <Button size="compact-md" variant="default" loading={retry.isPending} onClick={() => retry.mutate("all")}>
              {say.allAgain}
            </Button>
          ) : null}
        </>
      )}
    </>
  );
}

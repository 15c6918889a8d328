import { IconAlertTriangle, IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { formatBytes } from "../../ui/format/bytes.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { Panel } from "./panel.tsx";
import { Health } from "./shapes.ts";

const say = words.people.admin;

export function HealthPanel(): ReactElement {
  const moments = useMoments();
  const query = useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => sworn.http.json(Health, "GET", "/api/v1/health", { signal }),
    refetchInterval: 5000,
  });
  const health = query.data;
  return (
    <Panel id="health" title={say.health}>
      {health === undefined ? (
        <p className="quiet" role="status">
          {query.isError ? reasonOf(query.error) : words.frame.loading}
        </p>
      ) : (
        <dl className="health nums">
          <Reading name={say.log}>
            {health.log.failure === null ? (
              <StateMark tone="neutral" icon={IconLink}>
                {say.logRuns}
              </StateMark>
            ) : (
              <StateMark
                tone="problem"
                icon={IconAlertTriangle}
              >{`${say.logStopped}: ${health.log.failure}`}</StateMark>
            )}
            <span className="small soft">
              {[
                say.logSize(health.log.size),
                say.logWaiting(health.log.waiting),
                ...(health.log.lastAt === null ? [] : [say.logLast(moments.full(health.log.lastAt))]),
              ].join(" · ")}
            </span>
          </Reading>
          {health.disk === null ? null : (
            <Reading name={say.disk}>
              {say.diskFree(formatBytes(health.disk.free), formatBytes(health.disk.total))}
              <ProgressBar
                done={health.disk.total - health.disk.free}
                total={health.disk.total}
                label={say.disk}
                tone={health.disk.free / health.disk.total < 0.1 ? "problem" : "quiet"}
              />
            </Reading>
          )}
          {Object.entries(health.jobs).map(([name, job]) => (
            <Reading key={name} name={say.jobNames[name] ?? name}>
              <span className={job.failed > 0 ? "health-failed" : ""}>
                {say.jobLine(job.waiting, job.active, job.failed)}
              </span>
            </Reading>
          ))}
          <Reading name={say.memory}>{formatBytes(health.memory)}</Reading>
          <Reading name={say.delay}>{`${health.eventLoop.max.toFixed(0)} ms`}</Reading>
        </dl>
      )}
    </Panel>
  );
}

function Reading(props: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt className="small quiet">{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

import { IconAlertTriangle, IconCircleCheck, IconLink } from "@tabler/icons-react";
import type { Health } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { healthQuery } from "../../app/health-query.ts";
import { useMoments } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatNumber } from "../../ui/format/number.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { FailedWork, Work } from "./failed-work.tsx";
import { Panel } from "./panel.tsx";
import "./health-panel.css";

const say = words.health;

/** Problems first, each with what to do; then the figures. It asks again by itself. */
export function HealthPanel(): ReactElement {
  const query = useQuery({ ...healthQuery, refetchInterval: 5000 });
  const health = query.data;
  return (
    <Panel id="health" title={say.title}>
      {health === undefined ? (
        <p className="quiet" role="status">
          {query.isError ? reasonOf(query.error) : words.frame.loading}
        </p>
      ) : (
        <>
          <Problems health={health} />
          <Figures health={health} />
          <Work jobs={health.jobs} />
          <FailedWork count={health.failed} />
        </>
      )}
    </Panel>
  );
}

function Problems(props: { health: Health }): ReactElement {
  const { problems } = props.health;
  if (problems.length === 0)
    return (
      <p>
        <StateMark tone="neutral" icon={IconCircleCheck}>
          {say.well}
        </StateMark>
      </p>
    );
  return (
    <ul className="health-problems" aria-label={say.problems}>
      {problems.map((problem) => {
        const [what, todo] = say.problem[problem];
        return (
          <li key={problem}>
            <StateMark tone="problem" icon={IconAlertTriangle}>
              {what}
            </StateMark>
            <span>{todo}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Figures(props: { health: Health }): ReactElement {
  const moments = useMoments();
  const { log, disk, homeDisk, database, ...health } = props.health;
  const line = (...parts: (string | null)[]): string => parts.filter((part) => part !== null).join(" · ");
  return (
    <dl className="health nums">
      <Reading name={say.log}>
        <StateMark
          tone={log.failure === null ? "neutral" : "problem"}
          icon={log.failure === null ? IconLink : IconAlertTriangle}
        >
          {log.failure === null ? say.logRuns : say.logStopped(log.failure)}
        </StateMark>
        <span className="small soft">
          {line(
            say.logSize(formatNumber(log.size)),
            say.logWaiting(log.waiting),
            log.lastAt === null ? null : say.logLast(moments.full(log.lastAt)),
          )}
        </span>
      </Reading>
      <Reading name={say.check}>
        {log.check === null
          ? say.neverChecked
          : log.check.wrong === 0
            ? say.checked(moments.full(log.check.at))
            : say.checkFound(moments.full(log.check.at), log.check.wrong)}
      </Reading>
      {disk === null ? null : (
        <Disk name={say.disk} disk={disk}>
          {disk.perDay === null || disk.fullInDays === null
            ? say.noForecast
            : disk.fullInDays > 3650
              ? say.longForecast(formatBytes(disk.perDay))
              : say.forecast(formatBytes(disk.perDay), formatNumber(Math.floor(disk.fullInDays)))}
        </Disk>
      )}
      {homeDisk === null ? null : <Disk name={say.homeDisk} disk={homeDisk} />}
      <Reading name={say.database}>
        {line(
          say.databaseLine(formatBytes(database.size), database.connections, database.most),
          database.slow === 0 ? null : say.slow(database.slow),
        )}
      </Reading>
      <Reading name={say.sheet}>
        {health.recoverySheetAt === null ? say.sheetMissing : say.sheetMade(moments.day(health.recoverySheetAt))}
      </Reading>
      <Reading name={say.server}>
        {say.since(health.version, moments.full(health.startedAt))}
        <span className="small soft">{say.load(formatBytes(health.memory), health.eventLoop.max.toFixed(0))}</span>
      </Reading>
    </dl>
  );
}

function Disk(props: { name: string; disk: { free: number; total: number }; children?: ReactNode }): ReactElement {
  const { free, total } = props.disk;
  return (
    <Reading name={props.name}>
      {say.free(formatBytes(free), formatBytes(total))}
      <ProgressBar
        done={total - free}
        total={total}
        label={props.name}
        tone={free / total < 0.1 ? "problem" : "quiet"}
      />
      {props.children === undefined ? null : <span className="small soft">{props.children}</span>}
    </Reading>
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

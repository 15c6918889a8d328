import type { CustodyEntry, CustodyHistory } from "@sworn/contract";
import { IconAlertOctagon, IconCircleCheck, IconClockHour4, IconLink } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { HashValue } from "../../ui/hash-value.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { sentenceFor } from "./sentence-for.ts";
import { timeSourceOf } from "./time-source.ts";
import type { Check } from "./use-check.ts";

const say = words.custody;

/** Every entry, readable: when and by which clock, who, what, and how far it is proven. */
export function Story(props: { history: CustodyHistory; check: Check }): ReactElement {
  const moments = useMoments();
  return (
    <ol className="story">
      {props.history.entries.map((entry) => (
        <li key={entry.n} className="story-entry">
          <div className="story-when">
            {entry.at === null ? (
              <span className="small quiet">{say.sealedWhen}</span>
            ) : (
              <>
                <time dateTime={entry.at} className="mono">
                  {moments.clock(entry.at)}
                </time>
                <span className="small quiet">{moments.day(entry.at)}</span>
                <span className="small quiet">{timeSourceOf(entry)}</span>
              </>
            )}
          </div>
          <div className="story-what">
            <p>
              <b>{entry.kind === null ? say.sealed : say.kinds[entry.kind]}</b>
            </p>
            <p className="soft">{entry.sealed ? say.sealedBody : sentenceFor(entry)}</p>
            <details className="small">
              <summary>{say.details}</summary>
              {entry.event === null && !entry.sealed ? <p>{say.withheld}</p> : null}
              {entry.event === null ? null : <pre className="story-text mono">{entry.event}</pre>}
              <p>
                {say.commitment} <HashValue hash={entry.commitment} name={say.commitment} />
                {entry.index === null ? null : <span className="quiet"> · {say.at(entry.index)}</span>}
              </p>
            </details>
          </div>
          <EntryStatus entry={entry} check={props.check} />
        </li>
      ))}
    </ol>
  );
}

function EntryStatus(props: { entry: CustodyEntry; check: Check }): ReactElement {
  const { entry, check } = props;
  const lines = [...check.lines.values()];
  if (lines.some((line) => line.state === "fails" && line.entry === entry.n)) {
    return (
      <StateMark tone="problem" icon={IconAlertOctagon}>
        {say.status.fails}
      </StateMark>
    );
  }
  if (entry.index === null || entry.proof === null) {
    return (
      <StateMark tone="neutral" icon={IconClockHour4}>
        {say.status.waiting}
      </StateMark>
    );
  }
  const checked = check.phase === "done" && entry.n < check.covered && lines.every((line) => line.state === "holds");
  return checked ? (
    <StateMark tone="verified" icon={IconCircleCheck}>
      {say.status.checked}
    </StateMark>
  ) : (
    <StateMark tone="neutral" icon={IconLink}>
      {say.status.logged}
    </StateMark>
  );
}

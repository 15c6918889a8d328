import { Button } from "@mantine/core";
import type { Call, CallPage as Page } from "@sworn/contract";
import { IconChevronLeft } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { type Done, NoticeDock } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { CallItems } from "./call-items.tsx";
import { CallMark } from "./call-mark.tsx";
import { callQuery, refreshCalls } from "./calls-query.ts";
import { SettleDialog } from "./settle-dialog.tsx";
import "./calls.css";

const say = words.calls;

/** One call: what dispatch says, who answered, its footage and why, its incident, what it said before. */
export function CallPage(props: { id: string }): ReactElement {
  const query = useQuery({ ...callQuery(props.id), refetchInterval: 30_000 });
  if (query.data !== undefined) return <View key={props.id} page={query.data} />;
  if (query.isError) return <ProblemScreen error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <p className="page quiet" role="status">
      {words.frame.loading}
    </p>
  );
}

function View(props: { page: Page }): ReactElement {
  const { call, margins } = props.page;
  const moments = useMoments();
  const [done, setDone] = useState<Done | null>(null);
  return (
    <div className="page matter calls">
      <header className="matter-head">
        <Link to="/calls" search={{}} className="evidence-back" aria-label={say.title}>
          <IconChevronLeft size={20} aria-hidden="true" />
        </Link>
        <div className="matter-name">
          <h1>
            <span className="mono">{call.number}</span>
            {call.kind === "" ? null : ` · ${call.kind}`}
          </h1>
          <p className="small soft nums">
            {[...(call.place === "" ? [] : [call.place]), moments.full(call.from)].join(" · ")}
          </p>
        </div>
        <CallMark state={call.state} />
      </header>
      <div className="matter-columns">
        <div className="matter-main">
          <CallItems call={call} onDone={setDone}>
            <p className="small soft">{say.margins(margins.beforeMinutes, margins.afterMinutes)}</p>
          </CallItems>
        </div>
        <div className="matter-side">
          <Facts call={call} />
          <Answered call={call} onDone={setDone} />
          <IncidentOf call={call} onDone={setDone} />
          <Versions page={props.page} />
        </div>
      </div>
      <NoticeDock done={done} onDone={setDone} />
    </div>
  );
}

function Facts(props: { call: Call }): ReactElement {
  const { call } = props;
  const moments = useMoments();
  const facts = [
    [say.kind, call.kind],
    [say.place, call.place],
    [say.dispatched, `${moments.full(call.from)} ${moments.zoneName(call.from)}`],
    [say.cleared, moments.full(call.to)],
  ];
  return (
    <section className="panel matter-facts" aria-labelledby="call-facts">
      <h2 id="call-facts">{say.facts}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="nums">{value === "" ? say.unknown : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Who answered, each with what was found, or why nothing is expected. */
function Answered(props: { call: Call; onDone: (done: Done) => void }): ReactElement {
  const { call, onDone } = props;
  const may = useMay();
  const [settling, setSettling] = useState<string | null>(null);
  const unsettle = useMutation({
    mutationFn: async (badge: string) => {
      await sworn.calls.unsettle([call.id], badge);
      await refreshCalls();
    },
    onSuccess: () => onDone({ text: say.undone }),
    onError: (error) => onDone({ text: reasonOf(error) }),
  });
  return (
    <section className="panel" aria-labelledby="call-answered">
      <h2 id="call-answered">{say.answered}</h2>
      {call.responders.length === 0 ? <p className="soft">{say.states.nobody}</p> : null}
      <ul className="matter-items">
        {call.responders.map(({ badge, person, state, reason, settledBy }) => (
          <li key={badge}>
            <span className="matter-item">
              <span>
                {person === null ? null : `${person.name} `}
                <span className="mono soft">{badge}</span>
              </span>
              <CallMark state={state} />
              <span className="small soft">
                {reason !== null && state === "settled"
                  ? say.settledBy(settledBy ?? say.somebody, reason)
                  : person === null
                    ? say.badgeNobody
                    : say.stateSays[state]}
              </span>
            </span>
            {may("call.match") && (state === "missing" || state === "settled") ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`${state === "missing" ? say.settleOne : say.unsettle} ${badge}`}
                onClick={() => (state === "missing" ? setSettling(badge) : unsettle.mutate(badge))}
              >
                {state === "missing" ? say.settleOne : say.unsettle}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <SettleDialog
        open={settling !== null}
        ids={[call.id]}
        {...(settling === null ? {} : { badge: settling })}
        title={say.settleOneTitle(settling ?? "")}
        onClose={() => setSettling(null)}
        onDone={onDone}
      />
    </section>
  );
}

function IncidentOf(props: { call: Call; onDone: (done: Done) => void }): ReactElement | null {
  const { call } = props;
  const may = useMay();
  const [asking, setAsking] = useState(false);
  if (!may("incident.list")) return null;
  return (
    <section className="panel" aria-labelledby="call-incident">
      <h2 id="call-incident">{say.incident}</h2>
      {call.incident === null ? (
        <p className="soft">{say.incidentNone}</p>
      ) : (
        <p>
          <Link to="/incidents/$id" params={{ id: call.incident.id }} className="mono">
            {call.incident.number}
          </Link>
        </p>
      )}
      {may("incident.add") ? (
        <Button variant="default" onClick={() => setAsking(true)}>
          {say.incidentMake}
        </Button>
      ) : null}
      <FormDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={say.incidentTitle(call.number)}
        lead={say.incidentLead}
        submit={say.incidentSubmit}
        onSubmit={async (form) => {
          const { incident, made, added } = await sworn.calls.toIncident(call.id, textOf(form, "number"));
          const { number } = incident;
          props.onDone({
            text: incident.id === null ? say.incidentWaiting(number) : say.incidentDone(number, made, added),
          });
          await refreshCalls();
        }}
      >
        {() => (
          <label className="field">
            <span className="field-name">{say.incidentNumber}</span>
            <input
              name="number"
              className="field-select field-wide"
              defaultValue={call.incident?.number ?? call.number}
              required
              maxLength={60}
              autoComplete="off"
            />
          </label>
        )}
      </FormDialog>
    </section>
  );
}

function Versions(props: { page: Page }): ReactElement | null {
  const { versions } = props.page;
  const moments = useMoments();
  if (versions.length < 2) return null;
  return (
    <section className="panel" aria-labelledby="call-versions">
      <h2 id="call-versions">{say.versions}</h2>
      <ol className="matter-items call-versions">
        {versions.slice(1).map((one) => (
          <li key={one.version}>
            <span className="matter-item">
              <span className="small soft nums">
                {say.version(one.version, moments.full(one.at), one.by ?? say.somebody)}
              </span>
              <span className="nums">
                {[
                  ...(one.kind === "" ? [] : [one.kind]),
                  ...(one.place === "" ? [] : [one.place]),
                  `${moments.full(one.from)} – ${moments.full(one.to)}`,
                  one.badges.join(" "),
                ].join(" · ")}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

import { Button } from "@mantine/core";
import type { ChangeIncident, Incident } from "@sworn/contract";
import { IconChevronLeft } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { formatDay } from "../../ui/format/day.ts";
import { words } from "../../words/index.ts";
import { Footage } from "./footage.tsx";
import { IncidentFields, incidentFrom } from "./incident-form.tsx";
import { incidentQuery, refreshMatters } from "./incident-queries.ts";
import { Locks } from "./locks.tsx";
import { Notes, Tasks, TimelineList } from "./papers.tsx";
import { Suggested } from "./suggested.tsx";
import "./matters.css";

const say = words.incidents;

/** One incident: what it says, its footage and what may belong to it, its papers, its timeline. */
export function IncidentPage(props: { id: string }): ReactElement {
  const query = useQuery(incidentQuery(props.id));
  if (query.data !== undefined) return <View key={props.id} incident={query.data} />;
  if (query.isError) return <ProblemScreen error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <p className="page quiet" role="status">
      {words.frame.loading}
    </p>
  );
}

function View(props: { incident: Incident }): ReactElement {
  const { incident } = props;
  const of = { kind: "incident", id: incident.id } as const;
  const may = useMay();
  const moments = useMoments();
  const [changing, setChanging] = useState(false);
  const send = async (change: ChangeIncident): Promise<void> => {
    await sworn.incidents.change(incident.id, change);
    await refreshMatters();
  };
  const turn = useMutation({ mutationFn: send });
  return (
    <div className="page matter">
      <header className="matter-head">
        <Link to="/incidents" search={{}} className="evidence-back" aria-label={say.title}>
          <IconChevronLeft size={20} aria-hidden="true" />
        </Link>
        <div className="matter-name">
          <h1>
            <span className="mono">{incident.number}</span>
            {incident.kind === "" ? null : ` · ${incident.kind}`}
          </h1>
          <p className="small soft">
            {say.state[incident.state]} ·{" "}
            {say.openedBy(incident.createdBy ?? say.somebody, moments.full(incident.createdAt))}
          </p>
        </div>
        {may("incident.manage") ? (
          <div className="matter-acts">
            <Button variant="default" onClick={() => setChanging(true)}>
              {say.change}
            </Button>
            <Button
              variant="default"
              loading={turn.isPending}
              onClick={() => turn.mutate({ state: incident.state === "open" ? "closed" : "open" })}
            >
              {incident.state === "open" ? say.close : say.reopen}
            </Button>
          </div>
        ) : null}
      </header>
      {turn.isError ? <p role="alert">{reasonOf(turn.error)}</p> : null}
      <div className="matter-columns">
        <div className="matter-main">
          <Footage of={of} number={incident.number} />
          {may("incident.add") ? <Suggested incident={incident} /> : null}
          <TimelineList of={of} />
        </div>
        <div className="matter-side">
          <FactsPanel incident={incident} />
          <Locks of={of} />
          <Tasks of={of} />
          <Notes of={of} />
        </div>
      </div>
      <FormDialog
        open={changing}
        onClose={() => setChanging(false)}
        title={say.changeTitle(incident.number)}
        submit={say.save}
        onSubmit={(form) => send(incidentFrom(form, moments.zone, true))}
      >
        {(problem) => <IncidentFields incident={incident} problem={problem} />}
      </FormDialog>
    </div>
  );
}

function FactsPanel(props: { incident: Incident }): ReactElement {
  const { incident } = props;
  const moments = useMoments();
  const time = [incident.from, incident.to].flatMap((at) => (at === null ? [] : [moments.full(at)])).join(" – ");
  return (
    <section className="panel matter-facts" aria-label={incident.number}>
      <dl>
        <div>
          <dt>{say.columns.time}</dt>
          <dd className="nums">
            {time === "" ? say.unknown : `${time} ${moments.zoneName(incident.from ?? undefined)}`}
          </dd>
        </div>
        <div>
          <dt>{say.place}</dt>
          <dd>{incident.place === "" ? say.unknown : incident.place}</dd>
        </div>
        <div>
          <dt>{say.unit}</dt>
          <dd>{incident.unit?.name ?? say.unknown}</dd>
        </div>
        <div>
          <dt>{say.people}</dt>
          <dd>
            {incident.people.length === 0 ? (
              say.peopleNone
            ) : (
              <ul>
                {incident.people.map((person, at) => (
                  // oxlint-disable-next-line react/no-array-index-key -- two people may be called alike
                  <li key={at}>
                    {person.name} <span className="soft">({person.role})</span>
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
        <div>
          <dt>{say.outcomes}</dt>
          <dd>
            {incident.outcomes.length === 0 ? (
              say.outcomesNone
            ) : (
              <ul>
                {incident.outcomes.map((outcome, at) => (
                  // oxlint-disable-next-line react/no-array-index-key -- the same may come of it twice
                  <li key={at}>
                    {say.outcome(outcome.kind)}
                    {outcome.on === null ? "" : `, ${formatDay(outcome.on)}`}
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

import { Button } from "@mantine/core";
import type { Case, ChangeCase } from "@sworn/contract";
import { IconChevronLeft } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import {
  caseQuery,
  Footage,
  Notes,
  PeopleField,
  peopleOf,
  refreshMatters,
  Tasks,
  TimelineList,
} from "../incidents/index.ts";
import { CaseShares } from "../sharing/index.ts";
import { CaseFields } from "./cases-page.tsx";

const say = words.incidents;

/** One case: its incidents and footage, its people and papers, its timeline. */
export function CasePage(props: { id: string }): ReactElement {
  const query = useQuery(caseQuery(props.id));
  if (query.data !== undefined) return <View key={props.id} file={query.data} />;
  if (query.isError) return <ProblemScreen error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <p className="page quiet" role="status">
      {words.frame.loading}
    </p>
  );
}

function View(props: { file: Case }): ReactElement {
  const { file } = props;
  const of = { kind: "case", id: file.id } as const;
  const may = useMay();
  const moments = useMoments();
  const [changing, setChanging] = useState(false);
  const send = async (change: ChangeCase): Promise<void> => {
    await sworn.cases.change(file.id, change);
    await refreshMatters();
  };
  const turn = useMutation({ mutationFn: send });
  return (
    <div className="page matter">
      <header className="matter-head">
        <Link to="/cases" search={{}} className="evidence-back" aria-label={say.cases}>
          <IconChevronLeft size={20} aria-hidden="true" />
        </Link>
        <div className="matter-name">
          <h1>
            <span className="mono">{file.number}</span> · {file.title}
          </h1>
          <p className="small soft">
            {say.state[file.state]} · {say.openedBy(file.createdBy ?? say.somebody, moments.full(file.createdAt))}
          </p>
        </div>
        {may("case.manage") ? (
          <div className="matter-acts">
            <Button variant="default" onClick={() => setChanging(true)}>
              {say.change}
            </Button>
            <Button
              variant="default"
              loading={turn.isPending}
              onClick={() => turn.mutate({ state: file.state === "open" ? "closed" : "open" })}
            >
              {file.state === "open" ? say.close : say.reopen}
            </Button>
          </div>
        ) : null}
      </header>
      {turn.isError ? <p role="alert">{reasonOf(turn.error)}</p> : null}
      <div className="matter-columns">
        <div className="matter-main">
          <Incidents file={file} />
          <Footage of={of} number={file.number} />
          <TimelineList of={of} />
        </div>
        <div className="matter-side">
          <section className="panel" aria-labelledby="people-title">
            <h2 id="people-title">{say.people}</h2>
            {file.people.length === 0 ? <p className="soft">{say.peopleNone}</p> : null}
            <ul>
              {file.people.map((person, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- two people may be called alike
                <li key={at}>
                  {person.name} <span className="soft">({person.role})</span>
                </li>
              ))}
            </ul>
          </section>
          <CaseShares id={file.id} />
          <Tasks of={of} />
          <Notes of={of} />
        </div>
      </div>
      <FormDialog
        open={changing}
        onClose={() => setChanging(false)}
        title={say.changeTitle(file.number)}
        submit={say.save}
        onSubmit={(form) =>
          send({ number: textOf(form, "number"), title: textOf(form, "title"), people: peopleOf(form) })
        }
      >
        {(problem) => (
          <>
            <CaseFields number={file.number} title={file.title} problem={problem} />
            <PeopleField people={file.people} />
          </>
        )}
      </FormDialog>
    </div>
  );
}

/** What the case gathers, and a field that adds an incident by its number. */
function Incidents(props: { file: Case }): ReactElement {
  const { id } = props.file;
  const writes = useMay()("case.manage");
  const query = useQuery({
    queryKey: ["matters", "case", id, "incidents"],
    queryFn: ({ signal }) => sworn.cases.incidents(id, signal),
  });
  const add = useMutation({
    mutationFn: async (form: HTMLFormElement) => {
      const number = textOf(new FormData(form), "incident").trim();
      const { items } = await sworn.incidents.list({ q: number, limit: 200 });
      const found = items.find((each) => each.number === number);
      if (found === undefined) throw new Error(say.incidentUnknown(number));
      await sworn.cases.put(id, { incidentIds: [found.id] });
      form.reset();
      await refreshMatters();
    },
  });
  const takeOut = useMutation({
    mutationFn: async (incident: string) => {
      await sworn.cases.takeOut(id, { incidentIds: [incident] });
      await refreshMatters();
    },
  });
  const problem = query.error ?? add.error ?? takeOut.error;
  return (
    <section className="panel" aria-labelledby="case-incidents-title">
      <h2 id="case-incidents-title">{say.incidentsOf}</h2>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      {query.data?.length === 0 ? <p className="soft">{say.incidentsNone}</p> : null}
      <ul className="matter-items">
        {(query.data ?? []).map((incident) => (
          <li key={incident.id}>
            <span className="matter-item">
              <Link to="/incidents/$id" params={{ id: incident.id }}>
                <span className="mono">{incident.number}</span>
                {incident.kind === "" ? "" : ` · ${incident.kind}`}
              </Link>
              <span className="small soft">
                {[...(incident.place === "" ? [] : [incident.place]), say.items(incident.evidence)].join(" · ")}
              </span>
            </span>
            {writes ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={say.removeOf(incident.number)}
                loading={takeOut.isPending && takeOut.variables === incident.id}
                onClick={() => takeOut.mutate(incident.id)}
              >
                {say.remove}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {writes ? (
        <form
          className="matter-write"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(event.currentTarget);
          }}
        >
          <label className="field matter-write-words">
            <span className="field-name">{say.addIncidentLabel}</span>
            <input name="incident" className="field-select" required maxLength={60} autoComplete="off" />
          </label>
          <Button type="submit" variant="default" loading={add.isPending}>
            {say.addIncident}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

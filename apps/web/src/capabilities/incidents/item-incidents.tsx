import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { refreshMatters } from "./incident-queries.ts";
import "./matters.css";

const say = words.incidents;

/** The incidents of one item, and a field that gives it the number of another. */
export function ItemIncidents(props: { evidenceId: string }): ReactElement | null {
  const { evidenceId } = props;
  const may = useMay();
  const query = useQuery({
    queryKey: ["evidence", evidenceId, "incidents"],
    queryFn: ({ signal }) => sworn.incidents.ofItem(evidenceId, signal),
    enabled: may("incident.list"),
  });
  const give = useMutation({
    mutationFn: async (form: HTMLFormElement) => {
      const answer = await sworn.incidents.give({ ids: [evidenceId], number: textOf(new FormData(form), "incident") });
      form.reset();
      await refreshMatters();
      return answer;
    },
  });
  if (!may("incident.list")) return null;
  const problem = query.error ?? give.error;
  return (
    <section className="keeping" aria-labelledby="item-incidents-title">
      <h2 id="item-incidents-title">{say.ofItem}</h2>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      {query.data?.length === 0 ? <p className="soft">{say.ofItemNone}</p> : null}
      <ul className="matter-item">
        {(query.data ?? []).map((incident) => (
          <li key={incident.id}>
            <Link to="/incidents/$id" params={{ id: incident.id }} className="mono">
              {incident.number}
            </Link>{" "}
            <span className="small soft">
              {[...(incident.kind === "" ? [] : [incident.kind]), say.how(incident.how)].join(" · ")}
            </span>
          </li>
        ))}
      </ul>
      {may("incident.add") ? (
        <form
          className="matter-write"
          onSubmit={(event) => {
            event.preventDefault();
            give.mutate(event.currentTarget);
          }}
        >
          <input
            name="incident"
            className="field-select matter-write-words"
            aria-label={say.giveLabel}
            placeholder={say.giveLabel}
            required
            maxLength={60}
            autoComplete="off"
          />
          <Button type="submit" variant="default" loading={give.isPending}>
            {say.give}
          </Button>
        </form>
      ) : null}
      <p role="status" className="small soft">
        {give.data === undefined || give.data.changed.length === 0
          ? null
          : (give.data.matter.id === null ? say.givenWaiting : say.given)(1, give.data.matter.number)}
      </p>
    </section>
  );
}

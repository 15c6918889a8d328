import { Button } from "@mantine/core";
import type { Incident } from "@sworn/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { refreshMatters } from "./incident-queries.ts";

const say = words.incidents;

/** Footage of the time, with why it may belong here; one press adds it. */
export function Suggested(props: { incident: Incident }): ReactElement {
  const { incident } = props;
  const moments = useMoments();
  const timed = incident.from !== null || incident.to !== null;
  const query = useQuery({
    queryKey: ["matters", "incident", incident.id, "suggestions"],
    queryFn: ({ signal }) => sworn.incidents.suggestions(incident.id, signal),
    enabled: timed,
  });
  const add = useMutation({
    mutationFn: async (id: string) => {
      await sworn.incidents.add(incident.id, [id], { how: "suggested" });
      await refreshMatters();
    },
  });
  const problem = query.error ?? add.error;
  return (
    <section className="panel" aria-labelledby="suggested-title">
      <h2 id="suggested-title">{say.suggestions}</h2>
      <p className="small soft">
        {timed ? (query.data?.length === 0 ? say.suggestionsNone : say.suggestionsWhy) : say.suggestionsNoTime}
      </p>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      <ul className="matter-items">
        {(query.data ?? []).map((item) => (
          <li key={item.id}>
            <span className="matter-item">
              <Link to="/evidence/$id" params={{ id: item.id }}>
                {item.title}
              </Link>
              <span className="small soft nums">
                {[moments.full(item.recordedAt), ...(item.person === null ? [] : [item.person.name])].join(" · ")}
              </span>
              <span className="small">{item.reasons.map((reason) => say.reason(reason)).join(", ")}</span>
            </span>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={say.addOf(item.title)}
              loading={add.isPending && add.variables === item.id}
              onClick={() => add.mutate(item.id)}
            >
              {say.addItem}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

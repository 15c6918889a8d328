import type { Evidence, RelatedFootage } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { reasonOf, sworn } from "../../../app/server.ts";
import { formatDuration } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import "./related.css";

const say = words.related;
type Item = RelatedFootage["items"][number];

/** Other footage of the same time and place; following a link goes on at the moment both show. */
export function RelatedPanel(props: { evidence: Evidence }): ReactElement {
  const { id } = props.evidence;
  const { data, error } = useQuery({
    queryKey: ["evidence", id, "related"],
    queryFn: ({ signal }) => sworn.evidence.related(id, signal),
  });
  return (
    <section className="keeping" aria-labelledby="related-title">
      <h2 id="related-title">{say.title}</h2>
      {error === null ? null : <p role="alert">{reasonOf(error)}</p>}
      {data?.items.length === 0 ? <p className="soft">{say.none}</p> : null}
      <ul className="related">
        {(data?.items ?? []).map((item) => (
          <li key={item.id}>
            <Link to="/evidence/$id" params={{ id: item.id }} search={startOf(item)}>
              {item.title}
            </Link>
            <p className="small soft nums">
              {[item.person?.name ?? item.device?.name, when(item)].filter(Boolean).join(" · ")}
            </p>
            <p className="small quiet">{item.reasons.map((reason) => why(item, reason)).join(" · ")}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** It began earlier and both show the same: from there on. Seconds from its beginning. */
function startOf({ beginsAfterMs, overlapMs }: Item): { t?: number } {
  return overlapMs > 0 && beginsAfterMs < 0 ? { t: -beginsAfterMs / 1000 } : {};
}

function when({ beginsAfterMs, overlapMs }: Item): string {
  if (overlapMs > 0) return say.overlaps(formatDuration(overlapMs));
  const apart = formatDuration(Math.abs(beginsAfterMs));
  return beginsAfterMs < 0 ? say.earlier(apart) : say.later(apart);
}

function why({ distanceM }: Item, reason: Item["reasons"][number]): string {
  return reason === "place" ? say.away(Math.round(distanceM ?? 0)) : say.reasons[reason];
}

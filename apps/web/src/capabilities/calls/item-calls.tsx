import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";

const say = words.calls;

/** The calls that an item shows, and those that it may show. */
export function ItemCalls(props: { evidenceId: string }): ReactElement | null {
  const { evidenceId } = props;
  const moments = useMoments();
  const may = useMay()("call.list");
  const query = useQuery({
    queryKey: ["evidence", evidenceId, "calls"],
    queryFn: ({ signal }) => sworn.calls.ofItem(evidenceId, signal),
    enabled: may,
  });
  if (!may) return null;
  return (
    <section className="keeping" aria-labelledby="item-calls-title">
      <h2 id="item-calls-title">{say.ofItem}</h2>
      {query.error === null ? null : <p role="alert">{reasonOf(query.error)}</p>}
      {query.data?.length === 0 ? <p className="soft">{say.ofItemNone}</p> : null}
      <ul className="matter-item">
        {(query.data ?? []).map((call) => (
          <li key={call.id}>
            <Link to="/calls/$id" params={{ id: call.id }} className="mono">
              {call.number}
            </Link>{" "}
            <span className="small soft nums">
              {[say.ofItemMaybe[call.state], ...(call.kind === "" ? [] : [call.kind]), moments.full(call.from)].join(
                " · ",
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

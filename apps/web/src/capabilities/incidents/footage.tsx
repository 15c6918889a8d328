import { Button } from "@mantine/core";
import type { MatterItem } from "@sworn/contract";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
import { clientOf, type MatterOf, refreshMatters } from "./incident-queries.ts";

const say = words.incidents;

/** Items of an incident or a case, oldest first, each with its way out. */
export function Footage(props: { of: MatterOf; number: string; children?: ReactNode }): ReactElement {
  const { of } = props;
  const may = useMay();
  const query = useInfiniteQuery({
    queryKey: ["matters", of.kind, of.id, "evidence"],
    queryFn: ({ pageParam, signal }) =>
      clientOf(of).evidence(of.id, pageParam === "" ? {} : { next: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const takeOut = useMutation({
    mutationFn: async (item: MatterItem) => {
      if (of.kind === "incident") await sworn.incidents.remove(of.id, [item.id]);
      else await sworn.cases.takeOut(of.id, { evidenceIds: [item.id] });
      await refreshMatters();
      return item;
    },
  });
  const putBack = useMutation({
    mutationFn: async (id: string) => {
      if (of.kind === "incident") await sworn.incidents.add(of.id, [id]);
      else await sworn.cases.put(of.id, { evidenceIds: [id] });
      takeOut.reset();
      await refreshMatters();
    },
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const problem = query.error ?? takeOut.error ?? putBack.error;
  const writes = may(of.kind === "incident" ? "incident.add" : "case.manage");
  return (
    <section className="panel" aria-labelledby="footage-title">
      <div className="matter-panel-head">
        <h2 id="footage-title">{say.footage}</h2>
        {of.kind === "incident" && items.length > 0 ? (
          <Link to="/library" search={{ incident: props.number }} className="small">
            {say.inLibrary}
          </Link>
        ) : null}
      </div>
      {problem === null ? null : <p role="alert">{reasonOf(problem)}</p>}
      <div role="status">
        {takeOut.data === undefined ? null : (
          <p className="matter-done">
            {say.removed(takeOut.data.title)}{" "}
            <Button size="compact-xs" variant="default" onClick={() => putBack.mutate(takeOut.data.id)}>
              {say.undo}
            </Button>
          </p>
        )}
        {query.isSuccess && items.length === 0 ? <p className="soft">{say.footageNone}</p> : null}
      </div>
      <ul className="matter-items">
        {items.map((item) => (
          <li key={item.id}>
            <Facts item={item} />
            {writes ? (
              <span className="matter-item-acts">
                {item.confirmed ? null : (
                  <Button
                    size="compact-xs"
                    aria-label={say.confirmOf(item.title)}
                    loading={putBack.isPending}
                    onClick={() => putBack.mutate(item.id)}
                  >
                    {say.confirm}
                  </Button>
                )}
                {of.kind === "case" && item.how !== null ? null : (
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={say.removeOf(item.title)}
                    loading={takeOut.isPending && takeOut.variables.id === item.id}
                    onClick={() => takeOut.mutate(item)}
                  >
                    {say.remove}
                  </Button>
                )}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button size="compact-sm" variant="default" onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      ) : null}
      {props.children}
    </section>
  );
}

function Facts(props: { item: MatterItem }): ReactElement {
  const { item } = props;
  const moments = useMoments();
  const facts = [
    moments.full(item.recordedAt ?? item.receivedAt),
    ...(item.durationMs === null ? [] : [formatDuration(item.durationMs)]),
    ...(item.person === null ? (item.device === null ? [] : [item.device.name]) : [item.person.name]),
    ...(item.how === null ? [] : [say.how(item.how)]),
    ...(item.confirmed ? [] : [say.waiting]),
  ];
  return (
    <span className="matter-item">
      <Link to="/evidence/$id" params={{ id: item.id }}>
        {item.title}
      </Link>
      <span className="small soft nums">{facts.join(" · ")}</span>
    </span>
  );
}

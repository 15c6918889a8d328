import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { words } from "../../words/index.ts";
import { IncidentFields, incidentFrom } from "./incident-form.tsx";
import { refreshMatters } from "./incident-queries.ts";
import { type ListSearch, MatterList } from "./matter-list.tsx";

const say = words.incidents;

/** Incidents that one may see, newest first. */
export function IncidentsPage(props: { search: ListSearch }): ReactElement {
  const { search } = props;
  const may = useMay();
  const moments = useMoments();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ["matters", "incidents", search],
    queryFn: ({ pageParam, signal }) =>
      sworn.incidents.list({ ...search, ...(pageParam === "" ? {} : { next: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { columns } = say;
  return (
    <MatterList
      title={say.title}
      find={say.find}
      add={may("incident.add") ? say.add : null}
      empty={[say.empty, say.emptyBody]}
      search={search}
      columns={[columns.number, columns.kind, columns.place, columns.time, columns.items, columns.tasks, columns.state]}
      rows={query.data?.pages
        .flatMap(({ items }) => items)
        .map((incident) => [
          incident.id,
          [
            <Link key="number" to="/incidents/$id" params={{ id: incident.id }} className="mono">
              {incident.number}
            </Link>,
            incident.kind,
            incident.place,
            <span key="time" className="nums">
              {incident.from === null ? say.unknown : moments.full(incident.from)}
            </span>,
            incident.evidence,
            incident.openTasks,
            say.state[incident.state],
          ],
        ])}
      error={query.error}
      more={query.hasNextPage ? { onClick: () => void query.fetchNextPage(), loading: query.isFetchingNextPage } : null}
      onSearch={(next) => void navigate({ to: "/incidents", search: next })}
      onAdd={() => setAdding(true)}
    >
      <FormDialog
        open={adding}
        onClose={() => setAdding(false)}
        title={say.add}
        submit={say.create}
        onSubmit={async (form) => {
          const { id } = await sworn.incidents.create(incidentFrom(form, moments.zone, false));
          await refreshMatters();
          await navigate({ to: "/incidents/$id", params: { id } });
        }}
      >
        {(problem) => <IncidentFields problem={problem} />}
      </FormDialog>
    </MatterList>
  );
}

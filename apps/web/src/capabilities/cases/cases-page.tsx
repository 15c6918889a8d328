import { TextInput } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { type ListSearch, MatterList, refreshMatters } from "../incidents/index.ts";

const say = words.incidents;

/** Cases that one may see, newest first. */
export function CasesPage(props: { search: ListSearch }): ReactElement {
  const { search } = props;
  const may = useMay();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ["matters", "cases", search],
    queryFn: ({ pageParam, signal }) =>
      sworn.cases.list({ ...search, ...(pageParam === "" ? {} : { next: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const { columns } = say;
  return (
    <MatterList
      title={say.cases}
      find={say.findCases}
      add={may("case.manage") ? say.addCase : null}
      empty={[say.emptyCases, say.emptyCasesBody]}
      search={search}
      columns={[columns.number, columns.title, say.title, columns.items, columns.tasks, columns.state]}
      rows={query.data?.pages
        .flatMap(({ items }) => items)
        .map((file) => [
          file.id,
          [
            <Link key="number" to="/cases/$id" params={{ id: file.id }} className="mono">
              {file.number}
            </Link>,
            file.title,
            file.incidents,
            file.evidence,
            file.openTasks,
            say.state[file.state],
          ],
        ])}
      error={query.error}
      more={query.hasNextPage ? { onClick: () => void query.fetchNextPage(), loading: query.isFetchingNextPage } : null}
      onSearch={(next) => void navigate({ to: "/cases", search: next })}
      onAdd={() => setAdding(true)}
    >
      <FormDialog
        open={adding}
        onClose={() => setAdding(false)}
        title={say.addCase}
        submit={say.create}
        onSubmit={async (form) => {
          const { id } = await sworn.cases.create({ number: textOf(form, "number"), title: textOf(form, "title") });
          await refreshMatters();
          await navigate({ to: "/cases/$id", params: { id } });
        }}
      >
        {(problem) => <CaseFields problem={problem} />}
      </FormDialog>
    </MatterList>
  );
}

export function CaseFields(props: { number?: string; title?: string; problem: string | null }): ReactElement {
  return (
    <>
      <TextInput
        name="number"
        label={say.number}
        error={props.problem}
        defaultValue={props.number ?? ""}
        required
        maxLength={60}
        autoComplete="off"
      />
      <TextInput name="title" label={say.caseTitle} defaultValue={props.title ?? ""} required maxLength={200} />
    </>
  );
}

import { Button } from "@mantine/core";
import { IconDownload, IconEyeOff, IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { words } from "../../words/index.ts";
import { AuditChips } from "./audit-chips.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditLines } from "./audit-lines.tsx";
import { type AuditSearch, filterOf } from "./search.ts";
import "./audit-page.css";

const say = words.audit;

/** Who saw, changed and exported what: filters, lines and exports; the whole search stands in the address. */
export function AuditPage(props: { search: AuditSearch }): ReactElement {
  const may = useMay()("audit.read");
  useEffect(() => {
    document.title = `${words.audit.title} · ${words.frame.product}`;
  }, []);
  return (
    <div className="page audit">
      <h1>{say.title}</h1>
      {may ? (
        <Search search={props.search} />
      ) : (
        <CalmNote icon={IconEyeOff} title={say.notYours}>
          {say.notYoursBody}
        </CalmNote>
      )}
    </div>
  );
}

function Search(props: { search: AuditSearch }): ReactElement {
  const navigate = useNavigate();
  const filter = filterOf(props.search);
  const go = (search: AuditSearch): void => void navigate({ to: "/audit", search });
  const query = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) => sworn.audit.search(filter, { next: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    // A search is an entry of the log: it is asked when somebody asks, not whenever the window is looked at.
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });
  const lines = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const checkpoint = query.data?.pages[0]?.checkpoint ?? null;
  return (
    <>
      <p className="soft column">{say.lead}</p>
      <AuditFilters search={props.search} onGo={go} />
      <div className="audit-bar">
        <AuditChips search={props.search} onGo={go} />
        <span className="filters-space" />
        {checkpoint === null ? null : <span className="small quiet nums">{say.checkpoint(checkpoint.size)}</span>}
        {(["csv", "pdf"] as const).map((format) => (
          <Button
            key={format}
            component="a"
            href={sworn.audit.exportUrl(filter, format)}
            download
            size="compact-md"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden="true" />}
            aria-label={say.exportAs(say[format])}
          >
            {say[format]}
          </Button>
        ))}
      </div>
      <p className="sr-only" role="status">
        {query.isPending ? words.frame.loading : ""}
      </p>
      {query.isError ? (
        <p role="alert" className="audit-problem">
          {reasonOf(query.error)}
        </p>
      ) : null}
      {query.isSuccess && lines.length === 0 ? (
        <CalmNote icon={IconSearchOff} title={say.none}>
          {say.noneBody}
        </CalmNote>
      ) : null}
      {lines.length === 0 ? null : <AuditLines lines={lines} search={props.search} />}
      {lines.length === 0 ? null : query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {say.more}
        </Button>
      ) : (
        <p className="quiet small">{say.end}</p>
      )}
    </>
  );
}

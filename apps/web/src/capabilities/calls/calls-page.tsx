import { Button } from "@mantine/core";
import type { Call } from "@sworn/contract";
import { IconPhone, IconTableImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { type Done, NoticeDock } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { ImportDialog } from "../imports/index.ts";
import { MatterTable } from "../incidents/index.ts";
import { CallMark } from "./call-mark.tsx";
import { CallsBar } from "./calls-bar.tsx";
import { CallsFind } from "./calls-find.tsx";
import { refreshCalls } from "./calls-query.ts";
import { type CallSearch, without } from "./search.ts";
import "./calls.css";

const say = words.calls;

/** Calls of dispatch, newest first, each with what was found of it: the address holds what is asked. */
export function CallsPage(props: { search: CallSearch }): ReactElement {
  const search = without(props.search);
  const may = useMay();
  const navigate = useNavigate();
  const [importing, setImporting] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState<Done | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["calls", "list", search],
    queryFn: ({ pageParam, signal }) =>
      sworn.calls.list({ ...search, ...(pageParam === "" ? {} : { next: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const calls = query.data?.pages.flatMap(({ items }) => items);
  const asked = Object.keys(search).length > 0;
  const matches = may("call.match");
  const choose = (id: string, on: boolean): void =>
    setChosen(new Set(on ? [...chosen, id] : [...chosen].filter((one) => one !== id)));
  return (
    <div className="page matters calls">
      <header className="matters-head">
        <h1>{say.title}</h1>
        {may("call.import") ? (
          <Button
            leftSection={<IconTableImport size={16} aria-hidden="true" />}
            variant={calls?.length === 0 && !asked ? "filled" : "default"}
            onClick={() => setImporting(true)}
          >
            {words.imports.button}
          </Button>
        ) : null}
      </header>
      <CallsFind
        key={JSON.stringify(search)}
        search={search}
        onSearch={(next) => {
          setChosen(new Set());
          void navigate({ to: "/calls", search: next });
        }}
      />
      {matches && calls !== undefined && calls.length > 0 ? (
        <CallsBar
          chosen={[...chosen]}
          onAll={() => setChosen(new Set(calls.slice(0, 100).map(({ id }) => id)))}
          onClear={() => setChosen(new Set())}
          onDone={setDone}
        />
      ) : null}
      {query.error === null ? null : <p role="alert">{reasonOf(query.error)}</p>}
      {calls === undefined ? (
        query.error === null ? (
          <p className="quiet" role="status">
            {words.frame.loading}
          </p>
        ) : null
      ) : calls.length === 0 ? (
        <CalmNote icon={IconPhone} title={asked ? (query.hasNextPage ? say.nothingYet : say.nothing) : say.empty}>
          {asked ? say.nothingBody : may("call.import") ? say.emptyBody : say.emptyOwn}
        </CalmNote>
      ) : (
        <CallTable calls={calls} chosen={matches ? chosen : null} onChoose={choose} />
      )}
      {query.hasNextPage ? (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {search.state === undefined ? say.more : say.further}
        </Button>
      ) : null}
      <ImportDialog
        kind="calls"
        open={importing}
        onClose={() => setImporting(false)}
        send={(table) => sworn.calls.import(table)}
        onDone={async (text) => {
          setDone({ text });
          await refreshCalls();
        }}
      />
      <NoticeDock done={done} onDone={setDone} />
    </div>
  );
}

function CallTable(props: {
  calls: readonly Call[];
  /** Null: this person chooses none. */
  chosen: ReadonlySet<string> | null;
  onChoose: (id: string, on: boolean) => void;
}): ReactElement {
  const { chosen } = props;
  const moments = useMoments();
  const { choose, number, kind, place, time, answered, footage, state } = say.columns;
  return (
    <MatterTable
      label={say.title}
      columns={[...(chosen === null ? [] : [choose]), number, state, kind, place, time, answered, footage]}
      rows={props.calls.map((call) => [
        call.id,
        [
          ...(chosen === null
            ? []
            : [
                <input
                  key="choose"
                  type="checkbox"
                  className="call-choose"
                  aria-label={say.choose(call.number)}
                  checked={chosen.has(call.id)}
                  onChange={(event) => props.onChoose(call.id, event.currentTarget.checked)}
                />,
              ]),
          <Link key="number" to="/calls/$id" params={{ id: call.id }} className="mono">
            {call.number}
          </Link>,
          <CallMark key="state" state={call.state} />,
          call.kind,
          call.place,
          <span key="time" className="nums">
            {moments.full(call.from)}
          </span>,
          call.responders.map(({ badge, person }) => person?.name ?? badge).join(", "),
          footageOf(call),
        ],
      ])}
    />
  );
}

function footageOf({ items }: Call): string {
  const of = (state: string): number => items.filter((item) => item.state === state).length;
  return say.footageCount(of("accepted"), of("right") + of("ambiguous"));
}

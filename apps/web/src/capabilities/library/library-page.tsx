import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconInbox, IconSearchOff, IconUpload } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { CalmNote } from "../../ui/calm-note.tsx";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
import { FilterBar } from "./filter-bar.tsx";
import { filterOf, type LibrarySearch } from "./filter.ts";
import { ItemLink } from "./item-link.tsx";
import { ItemRows } from "./item-rows.tsx";
import { useLibrary, type Library } from "./use-library.ts";
import "./library-page.css";

const say = words.library;

/** Everything this person may see, newest first; what records now stands on top. */
export function LibraryPage(props: { search: LibrarySearch }): ReactElement {
  const { search } = props;
  const filter = useMemo(() => filterOf(search), [search]);
  const library = useLibrary(filter);
  const navigate = useNavigate();
  const as = search.as === "list" ? "list" : "grid";
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  const change = useCallback(
    (part: { [K in keyof LibrarySearch]: string | undefined }) => {
      const next = Object.fromEntries(
        Object.entries({ ...search, ...part }).filter(([, value]) => value !== undefined),
      );
      void navigate({ to: "/library", search: next, replace: true });
    },
    [navigate, search],
  );
  const filtered = Object.keys(filter).length > 0;
  const empty = library.state === "ready" && library.items.length === 0 && library.live.length === 0 && !filtered;
  if (library.state === "failed") return <ProblemScreen error={library.error} onRetry={library.retry} />;
  return (
    <div className="page library">
      <header className="library-head">
        <h1>{say.title}</h1>
        <p className="soft nums" role="status">
          {library.totals === undefined || empty
            ? ""
            : say.totals(
                library.totals.items,
                formatDuration(library.totals.durationMs),
                formatBytes(library.totals.size),
              )}
        </p>
      </header>
      {empty ? null : <FilterBar search={search} onChange={change} />}
      {library.live.length === 0 ? null : (
        <section className="live" aria-labelledby="live-title">
          <h2 id="live-title">{say.live}</h2>
          <ul className="live-items">
            {library.live.map((item) => (
              <li key={item.id}>
                <ItemLink evidence={item} as="grid" />
              </li>
            ))}
          </ul>
        </section>
      )}
      <Items
        library={library}
        as={as}
        filtered={filtered}
        onClear={() => change({ q: undefined, kind: undefined, state: undefined })}
      />
    </div>
  );
}

function Items(props: { library: Library; as: "grid" | "list"; filtered: boolean; onClear: () => void }): ReactElement {
  const { library } = props;
  if (library.state === "loading")
    return (
      <p className="quiet" role="status">
        {words.frame.loading}
      </p>
    );
  if (library.items.length > 0) {
    return <ItemRows key={props.as} items={library.items} as={props.as} more={library.more} onEnd={library.loadMore} />;
  }
  if (library.live.length > 0) return <></>;
  if (!props.filtered) return <FirstItem />;
  return (
    <CalmNote
      icon={IconSearchOff}
      title={say.nothingTitle}
      actions={
        <Button size="compact-md" variant="default" onClick={props.onClear}>
          {say.clear}
        </Button>
      }
    >
      {say.nothingBody}
    </CalmNote>
  );
}

/** The empty library teaches the first step. */
function FirstItem(): ReactElement {
  const may = useMay();
  return (
    <div className="first">
      <CalmNote
        icon={IconInbox}
        title={say.emptyTitle}
        actions={
          may("upload.create") ? (
            <Button component={Link} to="/upload" leftSection={<IconUpload size={16} />}>
              {say.emptyUpload}
            </Button>
          ) : undefined
        }
      >
        {say.emptyBody}
      </CalmNote>
      <div className="first-more">
        <p className="soft">{say.emptyCamera}</p>
        <pre className="mono" tabIndex={0}>
          {`npx --no-install sworn camera --source test --url ${location.origin} --token KEY`}
        </pre>
        <p className="soft">{say.emptyDock}</p>
        <pre className="mono" tabIndex={0}>
          {`npx --no-install sworn dock /media/camera --url ${location.origin} --token KEY`}
        </pre>
      </div>
    </div>
  );
}

import type { NoteHit } from "@sworn/contract";
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { IconInbox, IconUpload } from "@tabler/icons-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import { useMay, useMe, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { CalmNote } from "../../ui/calm-note.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { NoticeDock, type Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { SharesWithYou, useOutside } from "../sharing/index.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { chipsOf, type Chip } from "./chips.ts";
import { FacetsPanel } from "./facets-panel.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { GoToDay } from "./go-to-day.tsx";
import { LeftOffer } from "./left-offer.tsx";
import { dayIn, filterOf } from "./filter.ts";
import { ItemLink } from "./item-link.tsx";
import { ItemRows } from "./item-rows.tsx";
import { NothingFound } from "./nothing-found.tsx";
import { changed, cleared, type LibrarySearch, type SearchChange } from "./search.ts";
import { useFacets } from "./use-facets.ts";
import { useHits } from "./use-hits.ts";
import { useLeft } from "./use-left.ts";
import { useLibrary, type Library } from "./use-library.ts";
import { usePanelOpen, useWide } from "./use-panel-open.ts";
import { useSelection, type Selection } from "./use-selection.ts";
import { useViews } from "./use-views.ts";
import { ViewsMenu } from "./views-menu.tsx";
import "./library-page.css";
import "./item.css";

const say = words.library;
/** The map is large: only who looks at it fetches it. */
const MapView = lazy(() => import("./map-view.tsx"));

/** Everything this person may see, newest first; what records now stands on top. */
export function LibraryPage(props: { search: LibrarySearch }): ReactElement {
  const { search } = props;
  const me = useMe();
  const may = useMay();
  const outside = useOutside();
  const moments = useMoments();
  const today = dayIn(me.agency.timeZone);
  const filter = useMemo(() => filterOf(search, today), [search, today]);
  const at = search.at !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(search.at) ? search.at : undefined;
  const library = useLibrary(filter, at);
  const [panelOpen, setPanelOpen] = usePanelOpen();
  const wide = useWide();
  const [dialogOpen, setDialogOpen] = useState(false);
  const facets = useFacets(filter, search, wide ? panelOpen : dialogOpen);
  const hits = useHits(filter.q, library.items);
  const selection = useSelection(library.items, JSON.stringify(filter));
  const navigate = useNavigate();
  const as = search.as === "list" || (search.as === "map" && may("evidence.view")) ? search.as : "grid";
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  // Each choice is a step that Back takes back; how the items are shown is none.
  const go = useCallback(
    (next: LibrarySearch, replace = false) =>
      void navigate({ to: "/library", search: next, replace, resetScroll: !replace }),
    [navigate],
  );
  const open = useCallback((next: LibrarySearch) => go(next, true), [go]);
  const views = useViews(search, open);
  const left = useLeft(search, views, open);
  const change = (part: SearchChange): void => go(changed(search, part));
  const clear = (): void => go(cleared(search));
  const chips = chipsOf(search, facets.nameOf, moments);
  const empty =
    library.state === "ready" &&
    library.items.length === 0 &&
    library.live.length === 0 &&
    chips.length === 0 &&
    at === undefined;
  if (library.state === "failed") return <ProblemScreen error={library.error} onRetry={library.retry} />;
  const panel = <FacetsPanel search={search} facets={facets} onChange={change} />;
  const acts = may("evidence.classify") || may("hold.manage") || may("share.make");
  return (
    <div className={`page library${selection.items.length > 0 ? " library-selecting" : ""}`}>
      <header className="library-head">
        <h1>{say.title}</h1>
        <p className="soft nums" role="status">
          {empty ? "" : totalsOf(library)}
        </p>
        {empty || as === "map" ? null : <GoToDay day={at} onDay={(day) => go(changed(search, { at: day }), true)} />}
      </header>
      {outside ? <SharesWithYou chosen={search.share} /> : null}
      {empty ? null : (
        <FilterBar
          chips={chips}
          as={as}
          mayMap={may("evidence.view")}
          views={<ViewsMenu search={search} views={views} onGo={go} onDone={setDone} />}
          panelOpen={wide ? panelOpen : undefined}
          onGo={go}
          onClear={clear}
          onFilters={() => (wide ? setPanelOpen(!panelOpen) : setDialogOpen(true))}
          onAs={(next) => go(changed(search, { as: next }), true)}
        />
      )}
      {left.offered === null ? null : (
        <LeftOffer offered={left.offered} nameOf={facets.nameOf} onGo={go} onForget={left.forget} />
      )}
      <div className={`library-body${wide && panelOpen && !empty ? " library-body-panel" : ""}`}>
        <div className={`library-main${library.stale ? " library-stale" : ""}`} aria-busy={library.stale}>
          <Live library={library} />
          {as === "map" ? (
            <Suspense fallback={<p className="quiet">{words.frame.loading}</p>}>
              <MapView search={search} filter={filter} onGo={go} />
            </Suspense>
          ) : (
            <Items
              library={library}
              hits={hits}
              as={as}
              outside={outside}
              selection={acts ? selection : undefined}
              chips={chips}
              at={at}
              nothing={<NothingFound chips={chips} today={today} onGo={go} onClear={clear} />}
            />
          )}
        </div>
        {wide && panelOpen && !empty ? (
          <aside className="facets" aria-label={say.filters.title}>
            {panel}
          </aside>
        ) : null}
      </div>
      {wide ? null : (
        <Dialog open={dialogOpen} onClose={() => setDialogOpen(false)} title={say.filters.title}>
          <div className="facets facets-in-dialog">{panel}</div>
          <div className="facets-done">
            {chips.length === 0 ? null : (
              <Button variant="default" onClick={clear}>
                {say.clear}
              </Button>
            )}
            <Button onClick={() => setDialogOpen(false)}>{say.filters.done}</Button>
          </div>
        </Dialog>
      )}
      {acts ? <BulkBar selection={selection} /> : null}
      <NoticeDock done={done} onDone={setDone} />
    </div>
  );
}

function totalsOf({ totals }: Library): string {
  if (totals === undefined) return "";
  const { items, durationMs, size, capped } = totals;
  return (capped ? say.totalsCapped : say.totals)(items, formatDuration(durationMs), formatBytes(size));
}

function Live(props: { library: Library }): ReactElement | null {
  const { live } = props.library;
  return live.length === 0 ? null : (
    <section className="live" aria-labelledby="live-title">
      <h2 id="live-title">{say.live}</h2>
      <ul className="live-items">
        {live.map((item) => (
          <li key={item.id}>
            <ItemLink evidence={item} as="grid" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Items(props: {
  library: Library;
  hits: ReadonlyMap<string, readonly NoteHit[]>;
  as: "grid" | "list";
  /** What is shared with them is told above: an empty library needs no first step. */
  outside: boolean;
  selection: Selection | undefined;
  chips: readonly Chip[];
  /** The day that the list begins with. */
  at: string | undefined;
  nothing: ReactElement;
}): ReactElement {
  const { library, as, selection } = props;
  if (library.state === "loading")
    return (
      <p className="quiet" role="status">
        {words.frame.loading}
      </p>
    );
  if (library.items.length > 0)
    return (
      <ItemRows
        key={as}
        items={library.items}
        as={as}
        more={library.more}
        onEnd={library.loadMore}
        selection={selection}
        hits={props.hits}
      />
    );
  if (props.at !== undefined) return <p className="quiet">{say.goTo.nothing}</p>;
  if (library.live.length > 0) return <></>;
  if (props.outside && props.chips.length === 0) return <></>;
  return props.chips.length === 0 ? <FirstItem /> : props.nothing;
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

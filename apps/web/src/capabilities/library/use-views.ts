import type { SavedView, SavedViewList } from "@sworn/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { queries, sworn } from "../../app/server.ts";
import { changed, type LibrarySearch } from "./search.ts";

const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: ({ signal }) => sworn.views.list(signal),
  staleTime: 30_000,
});

export const refreshViews = (): Promise<void> => queries.invalidateQueries({ queryKey: ["views"] });

/** What an address holds of a view: everything but its name. */
export function searchOf(search: LibrarySearch): LibrarySearch {
  return changed(search, { view: undefined, at: undefined });
}

/** The whole address of a view: who gets the link sees its filter, also where the view is not shared with them. */
export function addressOf(view: SavedView): LibrarySearch {
  return changed(view.search, { view: view.id });
}

const same = (a: LibrarySearch, b: LibrarySearch): boolean =>
  JSON.stringify(changed(a, {})) === JSON.stringify(changed(b, {}));

const none: SavedViewList = { items: [], defaultId: null, left: null };

export interface Views {
  /** They are known: before, there seem to be none. */
  readonly ready: boolean;
  readonly list: SavedViewList;
  /** The view that the address names, where it stands in this person's list. */
  readonly current: SavedView | undefined;
  /** Its filter was changed since. */
  readonly differs: boolean;
}

/**
 * The views of this person, and which one is shown. An address that names a view and nothing else opens it; a library
 * that is opened without any filter opens with the person's first view.
 */
export function useViews(search: LibrarySearch, open: (next: LibrarySearch) => void): Views {
  const { data } = useQuery(viewsQuery);
  const list = data ?? none;
  const current = list.items.find(({ id }) => id === search.view);
  const bare = Object.values(searchOf(search)).every((value) => value === undefined);
  const arrived = useRef(true);
  const wanted = bare
    ? (current ?? (arrived.current ? list.items.find(({ id }) => id === list.defaultId) : undefined))
    : undefined;
  useEffect(() => {
    if (list.items.length === 0) return;
    // Only on arrival: whoever clears the filters later wants everything.
    arrived.current = false;
    if (wanted !== undefined && Object.keys(wanted.search).length > 0) open(addressOf(wanted));
  }, [wanted, list.items.length, open]);
  return {
    ready: data !== undefined,
    list,
    current,
    differs: current !== undefined && !same(searchOf(search), current.search),
  };
}

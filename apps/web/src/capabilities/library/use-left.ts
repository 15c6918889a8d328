import { useEffect, useRef, useState } from "react";
import { useMe } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { changed, type LibrarySearch } from "./search.ts";
import { refreshViews, searchOf, type Views } from "./use-views.ts";

export interface Left {
  /** The filters that this person had last, offered where they begin without any; null: there is nothing to offer. */
  readonly offered: LibrarySearch | null;
  /** Not now, and not again. */
  readonly forget: () => void;
}

const filtersOf = (search: LibrarySearch): LibrarySearch => changed(searchOf(search), { as: undefined });
const keep = async (search: LibrarySearch): Promise<void> => {
  // What cannot be remembered is no loss worth a word.
  await sworn.views.leave(changed(search, {})).then(refreshViews, () => undefined);
};

/**
 * Remembers how somebody has the library, on whatever machine. How it was shown (pictures, list, map) comes back by
 * itself; filters are offered and not set, since a list that hides things without being asked is taken for all there is.
 */
export function useLeft(search: LibrarySearch, views: Views, open: (next: LibrarySearch) => void): Left {
  const isPerson = useMe().person !== null;
  const arrived = useRef(true);
  const [dropped, setDropped] = useState(false);
  const bare = Object.keys(filtersOf(search)).length === 0;
  const touched = useRef(!bare);
  const { left, defaultId } = views.list;
  const known = views.ready;

  useEffect(() => {
    if (!known || !arrived.current) return;
    arrived.current = false;
    // Not the map: who comes to look for footage wants to see some.
    if (bare && search.as === undefined && defaultId === null && left?.as === "list") open({ as: "list" });
  }, [known, bare, search.as, left, defaultId, open]);

  // Until somebody filters, only how items are shown is new; the filters that are offered stay.
  const next = JSON.stringify(
    touched.current || !bare ? changed(searchOf(search), {}) : changed(left ?? {}, { as: search.as }),
  );
  const differs = known && next !== JSON.stringify(changed(left ?? {}, {}));
  useEffect(() => {
    if (!bare) touched.current = true;
    if (!isPerson || !differs) return undefined;
    // When the hand rests: not each letter and not each tick.
    const timer = setTimeout(() => void keep(JSON.parse(next) as LibrarySearch), 1500);
    return () => clearTimeout(timer);
  }, [next, differs, bare, isPerson]);

  const filters = left === null ? {} : filtersOf(left);
  const offers = Object.keys(filters).length > 0 && !dropped && bare;
  return {
    offered: offers && !touched.current ? changed(left ?? {}, {}) : null,
    forget: () => {
      setDropped(true);
      void keep(search.as === undefined ? {} : { as: search.as });
    },
  };
}

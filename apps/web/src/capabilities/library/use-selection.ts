import type { Evidence } from "@sworn/contract";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

export interface Selection {
  readonly items: readonly Evidence[];
  readonly has: (id: string) => boolean;
  /** Turns one item on or off; `extend` takes everything from the last one that was chosen up to here. */
  readonly select: (index: number, extend: boolean) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

interface Chosen {
  readonly ids: ReadonlySet<string>;
  /** Where an extension begins, and how far the last one reached. */
  readonly anchor: string | null;
  readonly reach: readonly string[];
}
const none: Chosen = { ids: new Set(), anchor: null, reach: [] };

/**
 * What is selected among the loaded items. Remembered by id, not by place: new items push the others down every few
 * seconds. An item that leaves the list leaves the selection, and another filter (`view`) begins with none.
 */
export function useSelection(items: readonly Evidence[], view: string): Selection {
  const [chosen, setChosen] = useState(none);
  const [seen, setSeen] = useState(view);
  if (seen !== view) {
    setSeen(view);
    setChosen(none);
  }
  const latest = useRef(items);
  useEffect(() => {
    latest.current = items;
  });
  const select = useCallback((index: number, extend: boolean) => {
    const id = latest.current[index]?.id;
    if (id === undefined) return;
    setChosen((before) => {
      const ids = new Set(before.ids);
      const anchor = latest.current.findIndex((item) => item.id === before.anchor);
      if (!extend || anchor < 0) {
        if (!extend && ids.has(id)) ids.delete(id);
        else ids.add(id);
        return { ids, anchor: id, reach: [] };
      }
      // Coming back takes back: only what the last extension added, and not what had been chosen before it.
      for (const one of before.reach) ids.delete(one);
      const between = latest.current.slice(Math.min(anchor, index), Math.max(anchor, index) + 1).map((item) => item.id);
      const reach = between.filter((one) => !ids.has(one) && one !== before.anchor);
      for (const one of between) ids.add(one);
      return { ids, anchor: before.anchor, reach };
    });
  }, []);
  const all = useCallback(
    () => setChosen({ ids: new Set(latest.current.map((item) => item.id)), anchor: null, reach: [] }),
    [],
  );
  const clear = useCallback(() => setChosen(none), []);
  const selected = useMemo(() => items.filter((item) => chosen.ids.has(item.id)), [items, chosen]);
  const has = useCallback((id: string) => chosen.ids.has(id), [chosen]);
  return { items: selected, has, select, all, clear };
}

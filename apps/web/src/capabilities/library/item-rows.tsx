import type { Evidence } from "@sworn/contract";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";
import { words } from "../../words/index.ts";
import { ItemLink } from "./item-link.tsx";
import { useArrowKeys } from "./use-arrow-keys.ts";

const leastCard = 250;
const gap = 16;

/** However many items there are, only the rows in sight are drawn. Arrow keys walk through all of them. */
export function ItemRows(props: {
  items: readonly Evidence[];
  as: "grid" | "list";
  more: boolean;
  onEnd: () => void;
}): ReactElement {
  const { items, as, more, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(0);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      setWidth(element.clientWidth);
      setTop((list.current ?? element).getBoundingClientRect().top + window.scrollY);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const columns = as === "list" ? 1 : Math.max(1, Math.floor((width + gap) / (leastCard + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  const rowHeight = as === "list" ? (width < 720 ? 84 : 64) : Math.round((cardWidth * 9) / 16) + 116 + gap;
  const rows = Math.ceil(items.length / columns);
  const virtual = useWindowVirtualizer({ count: rows, estimateSize: () => rowHeight, overscan: 4, scrollMargin: top });
  useEffect(() => virtual.measure(), [virtual, rowHeight, columns]);

  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows - 3) onEnd();
  }, [more, last, rows, onEnd]);

  const walkTo = (to: number): void => {
    virtual.scrollToIndex(Math.floor(to / columns));
    const focus = (tries: number): void => {
      const link = box.current?.querySelector<HTMLElement>(`[data-index="${to}"]`);
      if (link !== null && link !== undefined) link.focus({ preventScroll: false });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    requestAnimationFrame(() => focus(5));
  };
  useArrowKeys(box, (key) => {
    const from = document.activeElement?.getAttribute("data-index");
    if (from === null || from === undefined) return walkTo(firstInSight(box.current));
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    return walkTo(Math.max(0, Math.min(items.length - 1, Number(from) + steps[key])));
  });

  return (
    <div ref={box} className={`items items-${as}`}>
      {as === "list" ? <Heads /> : null}
      <ul ref={list} className="items-all" style={{ height: virtual.getTotalSize() }} aria-label={words.library.items}>
        {shown.flatMap((row) =>
          items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
            <li
              key={item.id}
              className="item"
              aria-setsize={more ? -1 : items.length}
              aria-posinset={row.index * columns + column + 1}
              style={{
                transform: `translate(${column * (cardWidth + gap)}px, ${row.start - top}px)`,
                width: cardWidth,
                height: rowHeight - (as === "grid" ? gap : 0),
              }}
            >
              <ItemLink evidence={item} as={as} index={row.index * columns + column} />
            </li>
          )),
        )}
      </ul>
      {more ? (
        <p className="quiet small items-more" role="status">
          {words.library.loadingMore}
        </p>
      ) : null}
    </div>
  );
}

/** For eyes: every row says by itself what it holds. */
function Heads(): ReactElement {
  const { columns } = words.library;
  return (
    <div className="row row-heads" aria-hidden="true">
      <span />
      <span>{columns.title}</span>
      <span>{columns.person}</span>
      <span>{columns.recorded}</span>
      <span className="row-length">{columns.length}</span>
      <span className="row-size">{columns.size}</span>
      <span>{columns.state}</span>
    </div>
  );
}

/** Where the arrows begin: what is looked at, not what was scrolled away above it. */
function firstInSight(box: HTMLElement | null): number {
  const links = [...(box?.querySelectorAll<HTMLElement>("[data-index]") ?? [])];
  const bar = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
  const seen = links.find((link) => link.getBoundingClientRect().top >= bar);
  return Number((seen ?? links[0])?.getAttribute("data-index") ?? 0);
}

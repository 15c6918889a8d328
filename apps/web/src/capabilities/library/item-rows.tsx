import type { Evidence } from "@sworn/contract";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { words } from "../../words/index.ts";
import { ItemLink } from "./item-link.tsx";

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
  const [width, setWidth] = useState(0);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      setWidth(element.clientWidth);
      setTop(element.getBoundingClientRect().top + window.scrollY);
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

  const walk = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
    };
    const step = steps[event.key];
    const from = Number(document.activeElement?.getAttribute("data-index") ?? Number.NaN);
    if (step === undefined || Number.isNaN(from)) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(items.length - 1, from + step));
    virtual.scrollToIndex(Math.floor(to / columns));
    const focus = (tries: number): void => {
      const link = box.current?.querySelector<HTMLElement>(`[data-index="${to}"]`);
      if (link !== null && link !== undefined) link.focus({ preventScroll: false });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    requestAnimationFrame(() => focus(5));
  };

  return (
    <div ref={box} className={`items items-${as}`} onKeyDown={walk} role="presentation">
      <ul className="items-all" style={{ height: virtual.getTotalSize() }} aria-label={words.library.items}>
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

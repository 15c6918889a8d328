import type { Evidence, NoteHit } from "@sworn/contract";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type ReactElement } from "react";
import { words } from "../../words/index.ts";
import { foundHeight } from "./found-in-notes.tsx";
import { Item } from "./item.tsx";
import { useItemKeys, type Arrow } from "./use-item-keys.ts";
import type { Selection } from "./use-selection.ts";

const leastCard = 250;
const gap = 16;
/** Height of what stands below the picture of a card, see item.css. */
const cardText = 128;
/** Presses from the first picture to the last. */
const lookSteps = 20;

/** However many items there are, only the rows in sight are drawn. Arrow keys walk through all of them. */
export function ItemRows(props: {
  items: readonly Evidence[];
  as: "grid" | "list";
  more: boolean;
  onEnd: () => void;
  /** Undefined where this person may change nothing: then there is nothing to select for. */
  selection: Selection | undefined;
  /** What a search found in notes, by item. */
  hits: ReadonlyMap<string, readonly NoteHit[]>;
}): ReactElement {
  const { items, as, more, onEnd, selection } = props;
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
    // What stands above may grow and push the items down: filters that are set, cameras that begin to record.
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, []);
  const columns = as === "list" ? 1 : Math.max(1, Math.floor((width + gap) / (leastCard + gap)));
  const cardWidth = (width - gap * (columns - 1)) / columns;
  // All rows are of one height: as soon as one item was found by a note, each has room for saying so.
  const roomForHits = props.hits.size > 0;
  const plain = as === "list" ? (width < 720 ? 100 : 64) : Math.round((cardWidth * 9) / 16) + cardText + gap;
  const rowHeight = plain + (roomForHits ? foundHeight : 0);
  const rows = Math.ceil(items.length / columns);
  const virtual = useWindowVirtualizer({ count: rows, estimateSize: () => rowHeight, overscan: 4, scrollMargin: top });
  useEffect(() => virtual.measure(), [virtual, rowHeight, columns]);

  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows - 3) onEnd();
  }, [more, last, rows, onEnd]);

  // The item may have to be drawn first. A key pressed meanwhile goes on from where the walk leads, not from behind.
  const walkingTo = useRef<number | null>(null);
  const walkTo = (to: number): void => {
    walkingTo.current = to;
    virtual.scrollToIndex(Math.floor(to / columns));
    const focus = (tries: number): void => {
      if (walkingTo.current !== to) return;
      const link = box.current?.querySelector<HTMLElement>(`[data-index="${to}"]`);
      if ((link === null || link === undefined) && tries > 0) {
        requestAnimationFrame(() => focus(tries - 1));
        return;
      }
      link?.focus({ preventScroll: false });
      walkingTo.current = null;
    };
    requestAnimationFrame(() => focus(5));
  };
  const next = (arrow: Arrow, focused: number): number => {
    const from = walkingTo.current ?? focused;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    return Math.max(0, Math.min(items.length - 1, from + steps[arrow]));
  };
  const [look, setLook] = useState<{ index: number; share: number } | null>(null);
  useItemKeys(box, {
    onArrow: (arrow, from) => walkTo(from === null ? firstInSight(box.current) : next(arrow, from)),
    onExtend: (arrow, from) => {
      const to = next(arrow, from);
      if (selection !== undefined && selection.items.length === 0) selection.select(from, false);
      selection?.select(to, true);
      walkTo(to);
    },
    onToggle: (index) => selection?.select(index, false),
    onAll: () => selection?.all(),
    onClear: () => (look === null ? selection?.clear() : setLook(null)),
    onLook: (index) => setLook(look?.index === index ? null : { index, share: 0 }),
    onLookStep: (index, step) => {
      if (look?.index !== index) return false;
      setLook({ index, share: Math.max(0, Math.min(1, look.share + step / lookSteps)) });
      return true;
    },
  });
  const selecting = selection !== undefined && selection.items.length > 0;

  return (
    <div
      ref={box}
      className={`items items-${as}${selecting ? " items-selecting" : ""}`}
      // Whoever goes on has looked enough.
      onBlur={() => setLook(null)}
    >
      {as === "list" ? <Heads /> : null}
      <ul ref={list} className="items-all" style={{ height: virtual.getTotalSize() }} aria-label={words.library.items}>
        {shown.flatMap((row) =>
          items
            .slice(row.index * columns, (row.index + 1) * columns)
            .map((item, column) => (
              <Item
                key={item.id}
                evidence={item}
                as={as}
                index={row.index * columns + column}
                count={more ? -1 : items.length}
                selected={selection?.has(item.id) ?? false}
                selectable={selection !== undefined}
                onSelect={selection?.select ?? nothing}
                lookAt={look?.index === row.index * columns + column ? look.share : null}
                hits={props.hits.get(item.id)}
                roomForHits={roomForHits}
                x={column * (cardWidth + gap)}
                y={row.start - top}
                width={cardWidth}
                height={rowHeight - (as === "grid" ? gap : 0)}
              />
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
const nothing = (): void => undefined;

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

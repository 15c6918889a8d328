import type { Evidence, NoteHit } from "@sworn/contract";
import { memo, type MouseEvent, type ReactElement } from "react";
import { words } from "../../words/index.ts";
import { FoundInNotes } from "./found-in-notes.tsx";
import { ItemLink } from "./item-link.tsx";

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One item at its place. Drawn anew only when something of its own changed: hundreds pass by while scrolling. */
export const Item = memo(function Item(
  props: Place & {
    evidence: Evidence;
    as: "grid" | "list";
    index: number;
    /** How many there are; -1 while not all are known. */
    count: number;
    selected: boolean;
    selectable: boolean;
    onSelect: (index: number, extend: boolean) => void;
    /** How far through its pictures somebody looks by the keys, 0 to 1; null: nobody does. */
    lookAt: number | null;
    /** Where a search found its words in notes of it. */
    hits: readonly NoteHit[] | undefined;
    /** Whether there is room for that, in all items or in none. */
    roomForHits: boolean;
  },
): ReactElement {
  const { evidence, as, index, selected, selectable, onSelect, x, y, width, height } = props;
  // Shift-click would open a window; among items it extends the selection, as everywhere.
  const extend = (event: MouseEvent): void => {
    if (!event.shiftKey || !selectable) return;
    event.preventDefault();
    event.stopPropagation();
    // Later: a checkbox whose click was prevented is set back by the browser when the event is over.
    setTimeout(() => onSelect(index, true));
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Shift with arrows does the same
    <li
      className={`item${selected ? " item-selected" : ""}${props.roomForHits ? " item-with-room" : ""}`}
      data-item={index}
      aria-setsize={props.count}
      aria-posinset={index + 1}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
      onClickCapture={extend}
    >
      {selectable ? (
        <label className="item-select">
          <input
            type="checkbox"
            checked={selected}
            tabIndex={index === 0 ? 0 : -1}
            aria-label={words.library.select.one(evidence.title)}
            onChange={() => onSelect(index, false)}
          />
        </label>
      ) : null}
      <ItemLink evidence={evidence} as={as} index={index} lookAt={props.lookAt} />
      {props.hits === undefined ? null : <FoundInNotes evidence={evidence} hits={props.hits} />}
    </li>
  );
});

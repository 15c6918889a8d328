import { useEffect, useRef, type RefObject } from "react";

const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const;
export type Arrow = (typeof arrows)[number];

/** What has the keys for itself: fields, menus, dialogs, and regions that scroll. */
const owners =
  "input:not([type=checkbox]), textarea, select, [contenteditable], [role^=menu], dialog, [role=listbox], [role=slider], pre, .facets";

export interface ItemKeys {
  /** `from`: the item that has the focus, or null. */
  readonly onArrow: (arrow: Arrow, from: number | null) => void;
  /** Shift with an arrow, from an item that has the focus. */
  readonly onExtend: (arrow: Arrow, from: number) => void;
  readonly onToggle: (index: number) => void;
  readonly onAll: () => void;
  readonly onClear: () => void;
  /** The pictures of the item that has the focus, or away with them again. */
  readonly onLook: (index: number) => void;
  /** On or back among its pictures; false where none are shown. */
  readonly onLookStep: (index: number, step: 1 | -1) => boolean;
}

/** The keys of the whole page, wherever the focus is, as long as nothing that has the focus uses them itself. */
export function useItemKeys(box: RefObject<HTMLElement | null>, keys: ItemKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.closest(owners) !== null) return;
      if (event.defaultPrevented || box.current === null || document.querySelector("dialog[open]") !== null) return;
      if (handle(event, latest.current)) event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [box]);
}

function handle(event: KeyboardEvent, keys: ItemKeys): boolean {
  const place = document.activeElement?.closest("[data-item]")?.getAttribute("data-item");
  const from = place === null || place === undefined ? null : Number(place);
  const arrow = arrows.find((key) => key === event.key);
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "a") keys.onAll();
  // Alt with an arrow goes back in the browser's history.
  else if (control || event.altKey) return false;
  else if (arrow !== undefined && !event.shiftKey) keys.onArrow(arrow, from);
  else if (arrow !== undefined && from !== null) keys.onExtend(arrow, from);
  else if (event.key.toLowerCase() === "x" && from !== null && !event.repeat) keys.onToggle(from);
  else if (event.key.toLowerCase() === "p" && from !== null && !event.repeat) keys.onLook(from);
  else if ((event.key === "," || event.key === ".") && from !== null)
    return keys.onLookStep(from, event.key === "." ? 1 : -1);
  else if (event.key === "Escape") keys.onClear();
  else return false;
  return true;
}

import { useEffect, useRef, type RefObject } from "react";

const arrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] as const;
export type Arrow = (typeof arrows)[number];

/** What has the keys for itself: fields, menus, dialogs, and regions that scroll. */
const owners = "input, textarea, select, [contenteditable], [role^=menu], dialog, [role=listbox], [role=slider], pre";

/** The arrow keys of the whole page, wherever the focus is, as long as nothing that has the focus uses them itself. */
export function useArrowKeys(box: RefObject<HTMLElement | null>, onArrow: (arrow: Arrow) => void): void {
  const latest = useRef(onArrow);
  useEffect(() => {
    latest.current = onArrow;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const arrow = arrows.find((key) => key === event.key);
      // Alt with an arrow goes back in the browser's history, Shift selects text.
      if (arrow === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target instanceof HTMLElement && event.target.closest(owners) !== null) return;
      if (event.defaultPrevented || box.current === null || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      latest.current(arrow);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [box]);
}

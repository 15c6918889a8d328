import { useEffect, useRef } from "react";

export interface MineKeys {
  /** The category with this number, counted from 0. */
  readonly onCategory: (index: number) => void;
  readonly onSave: () => void;
  readonly onSkip: () => void;
}

/** What has its keys for itself; a checkbox has Space alone, and Enter in it sends its form by itself. */
const typing = "input:not([type=checkbox]), textarea, select, [role^=menu], dialog";
const pressing = "button, a, input";

/** 1–9, Enter and S, wherever the focus is, as long as nothing that has the focus uses them itself. */
export function useMineKeys(keys: MineKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(target instanceof HTMLElement) || target.closest(typing) !== null) return;
      if (document.querySelector("dialog[open]") !== null) return;
      if (/^[1-9]$/.test(event.key)) latest.current.onCategory(Number(event.key) - 1);
      else if (event.key.toLowerCase() === "s") latest.current.onSkip();
      else if (event.key === "Enter" && target.closest(pressing) === null) latest.current.onSave();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

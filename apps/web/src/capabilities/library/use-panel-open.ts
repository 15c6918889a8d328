import { useCallback, useState, useSyncExternalStore } from "react";

const key = "sworn.library.filters";

/** Whether the filters stand beside the items; remembered on this machine. */
export function usePanelOpen(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(read);
  const keep = useCallback((next: boolean) => {
    setOpen(next);
    try {
      localStorage.setItem(key, next ? "open" : "closed");
    } catch {
      // A browser that keeps nothing forgets this, too.
    }
  }, []);
  return [open, keep];
}

function read(): boolean {
  try {
    return localStorage.getItem(key) !== "closed";
  } catch {
    return true;
  }
}

const wide = window.matchMedia("(min-width: 901px)");
const watch = (told: () => void): (() => void) => {
  wide.addEventListener("change", told);
  return () => wide.removeEventListener("change", told);
};

/** Wide enough for a panel beside the items. */
export function useWide(): boolean {
  return useSyncExternalStore(watch, () => wide.matches);
}

import { useEffect, useRef, useState, type PointerEvent } from "react";

/** A pointer on its way somewhere else is past a card sooner than this. */
const restMs = 300;
/** A hand that rests still trembles. */
const restPixels = 6;

export interface Rest {
  /** Where the pointer is, from 0 (left) to 1, once it has rested; null before that and after it has left. */
  readonly share: number | null;
  readonly handlers: {
    readonly onPointerEnter: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
  };
}

/** Tells when a mouse or pen came to rest on an element, and follows it from then on. A finger has other uses. */
export function useRest(able: boolean): Rest {
  const [share, setShare] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef({ x: 0, y: 0 });
  useEffect(() => () => clearTimeout(timer.current), []);
  const shareOf = (element: HTMLElement, x: number): number => {
    const { left, width } = element.getBoundingClientRect();
    return Math.max(0, Math.min(1, (x - left) / Math.max(1, width)));
  };
  const wait = ({ currentTarget, clientX: x, clientY: y }: PointerEvent<HTMLElement>): void => {
    clearTimeout(timer.current);
    from.current = { x, y };
    timer.current = setTimeout(() => setShare(shareOf(currentTarget, x)), restMs);
  };
  const looks = (event: PointerEvent): boolean => able && event.pointerType !== "touch" && event.buttons === 0;
  return {
    share,
    handlers: {
      onPointerEnter: (event) => {
        if (looks(event)) wait(event);
      },
      onPointerMove: (event) => {
        if (!looks(event)) return;
        if (share !== null) setShare(shareOf(event.currentTarget, event.clientX));
        else if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > restPixels) wait(event);
      },
      onPointerLeave: () => {
        clearTimeout(timer.current);
        setShare(null);
      },
    },
  };
}

import { useCallback, useEffect, useRef, useState, type PointerEvent, type RefObject } from "react";
import { closer, lit, panned, plainView, type PictureView } from "./picture-view.ts";

export interface PictureHand {
  readonly view: PictureView;
  readonly change: (next: (view: PictureView) => PictureView) => void;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
  };
  /** True right after a hand moved the picture: the click that ends it means nothing else. */
  readonly moved: () => boolean;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Wheel, pinch and drag on the picture. */
export function usePictureView(frame: RefObject<HTMLElement | null>): PictureHand {
  const [view, setView] = useState(plainView);
  const change = useCallback((next: (view: PictureView) => PictureView) => setView(next), []);
  const fingers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  const scale = useRef(1);
  useEffect(() => {
    scale.current = view.scale;
  });

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent): void => {
      // Whoever scrolls the page means the page, as over the map, unless the picture fills the screen or is close.
      const meant = event.ctrlKey || event.metaKey || scale.current > 1 || document.fullscreenElement !== null;
      if (!meant) return;
      event.preventDefault();
      const factor = Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) / 250);
      const point = within(element, { x: event.clientX, y: event.clientY });
      change((now) => closer(now, factor, point));
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [frame, change]);

  const move = (event: PointerEvent<HTMLElement>): void => {
    const element = frame.current;
    const before = fingers.current.get(event.pointerId);
    if (element === null || before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...fingers.current].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    fingers.current.set(event.pointerId, now);
    travelled.current += Math.hypot(now.x - before.x, now.y - before.y);
    // Not before: a captured press would be no click on the picture any more.
    if (travelled.current > 6 && (scale.current > 1 || others.length > 0)) element.setPointerCapture(event.pointerId);
    const { width, height } = element.getBoundingClientRect();
    const [other] = others;
    if (other === undefined) {
      if (scale.current > 1) change((held) => panned(held, (before.x - now.x) / width, (before.y - now.y) / height));
      return;
    }
    const apart = (point: Point): number => Math.max(10, Math.hypot(point.x - other.x, point.y - other.y));
    const middle = within(element, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    change((held) =>
      panned(
        closer(held, apart(now) / apart(before), middle),
        (before.x - now.x) / 2 / width,
        (before.y - now.y) / 2 / height,
      ),
    );
  };
  const end = (event: PointerEvent<HTMLElement>): void => {
    fingers.current.delete(event.pointerId);
  };
  return {
    view,
    change,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        if (fingers.current.size === 0) travelled.current = 0;
        fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove: move,
      onPointerUp: end,
      onPointerCancel: end,
    },
    moved: () => travelled.current > 6 && scale.current > 1,
  };
}

/** Where a point of the screen stands in an element, from 0 to 1. */
function within(element: HTMLElement, point: Point): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: (point.x - left) / Math.max(1, width), y: (point.y - top) / Math.max(1, height) };
}

/** Keys of the picture, by what is typed. */
export const pictureKeys: Readonly<Record<string, (view: PictureView, shift: boolean) => PictureView>> = {
  "+": (view) => closer(view, 1.25),
  "=": (view) => closer(view, 1.25),
  "-": (view) => closer(view, 0.8),
  "0": () => plainView,
  b: (view, shift) => lit(view, { brightness: view.brightness + (shift ? -0.25 : 0.25) }),
};

/** The arrows, while the picture has the focus and is larger than its frame. */
export const panKeys: Readonly<Record<string, (view: PictureView) => PictureView>> = {
  ArrowLeft: (view) => panned(view, -0.1, 0),
  ArrowRight: (view) => panned(view, 0.1, 0),
  ArrowUp: (view) => panned(view, 0, -0.1),
  ArrowDown: (view) => panned(view, 0, 0.1),
};

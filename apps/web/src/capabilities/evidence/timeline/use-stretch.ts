import { useEffect, useRef, useState, type RefObject } from "react";
import type { Player } from "../stage/player.ts";
import { followed, isWhole, moved, within, zoomed, type Stretch } from "./stretch.ts";

export interface Zoom {
  readonly stretch: Stretch;
  readonly whole: boolean;
  /** Below 1 goes closer, around a moment or, without one, around what plays. */
  readonly zoom: (factor: number, around?: number) => void;
  readonly move: (seconds: number) => void;
  readonly reset: () => void;
}

/** Which stretch is shown; `null` in the state means all of it, whatever its length becomes while it records. */
export function useStretch(player: Player, duration: number): Zoom {
  const [chosen, choose] = useState<Stretch | null>(null);
  const stretch = chosen === null ? { from: 0, to: duration } : within(chosen, duration);
  const latest = useRef({ stretch, duration });
  useEffect(() => {
    latest.current = { stretch, duration };
  });
  const keep = (next: Stretch): void => choose(isWhole(next, duration) ? null : next);

  useEffect(() => {
    if (chosen === null) return undefined;
    let before = player.state().time;
    return player.subscribe(() => {
      const { time } = player.state();
      if (time === before) return;
      const next = followed(latest.current.stretch, latest.current.duration, before, time);
      before = time;
      if (next !== latest.current.stretch) choose(next);
    });
  }, [player, chosen]);

  return {
    stretch,
    whole: chosen === null,
    zoom: (factor, around = player.state().time) => keep(zoomed(stretch, duration, factor, around)),
    move: (seconds) => keep(moved(stretch, duration, seconds)),
    reset: () => choose(null),
  };
}

/** Ctrl and the wheel (a pinch on a touch pad) go closer; sideways, or with Shift, the wheel moves along. */
export function useLaneWheel(lanes: RefObject<HTMLElement | null>, zoom: Zoom): void {
  const latest = useRef(zoom);
  useEffect(() => {
    latest.current = zoom;
  });
  useEffect(() => {
    const element = lanes.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent): void => {
      const { stretch, whole, zoom: go, move } = latest.current;
      const box = element.getBoundingClientRect();
      const perPixel = (stretch.to - stretch.from) / Math.max(1, box.width);
      if (event.ctrlKey || event.metaKey) {
        go(
          Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 200),
          stretch.from + (event.clientX - box.left) * perPixel,
        );
      } else {
        const along = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
        if (whole || along === 0) return;
        move(along * perPixel);
      }
      event.preventDefault();
    };
    // Not through React: its wheel listeners may not keep the page from scrolling.
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [lanes]);
}

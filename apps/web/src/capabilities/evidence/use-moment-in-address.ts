import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Player } from "./stage/player.ts";

/** Opens at `?t=` and writes the moment back when the picture rests there, so that the address can be sent. */
export function useMomentInAddress(player: Player, time: number | undefined): void {
  const navigate = useNavigate();
  const written = useRef<number | undefined>(undefined);

  useEffect(() => {
    if (time === undefined || time === written.current) return;
    player.seek(time);
    written.current = time;
  }, [player, time]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = player.subscribe(() => {
      clearTimeout(timer);
      const { playing, time: now, phase } = player.state();
      if (playing || phase === "loading") return;
      // Wait for the hand to rest: browsers refuse hundreds of address changes in a row.
      timer = setTimeout(() => {
        const rounded = Math.round(now * 1000) / 1000;
        if (rounded === (written.current ?? 0)) return;
        written.current = rounded;
        void navigate({ to: ".", search: rounded === 0 ? {} : { t: rounded }, replace: true, resetScroll: false });
      }, 400);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [player, navigate]);
}

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { momentOf, type Moment } from "./stage/moment-link.ts";
import type { Player } from "./stage/player.ts";

/**
 * Opens at `?t=` with the range of `?in=&out=&loop=1`, and writes both back when the picture rests, so that the address
 * can be sent. Without a time it opens where the range begins.
 */
export function useMomentInAddress(player: Player, asked: Moment): void {
  const navigate = useNavigate();
  const written = useRef<string | null>(null);
  const { t, in: from, out, loop } = asked;

  useEffect(() => {
    const given: Moment = {
      ...(t === undefined ? {} : { t }),
      ...(from === undefined ? {} : { in: from }),
      ...(out === undefined ? {} : { out }),
      ...(loop === undefined ? {} : { loop }),
    };
    const text = JSON.stringify(given);
    if (text === written.current || (written.current === null && text === "{}")) return;
    written.current = text;
    player.setRange(from ?? null, out ?? null);
    const start = t ?? from;
    if (start !== undefined) player.seek(start);
    player.setLooping(loop === 1);
  }, [player, t, from, out, loop]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = player.subscribe(() => {
      clearTimeout(timer);
      const { playing, phase } = player.state();
      if (playing || phase === "loading") return;
      // Wait for the hand to rest: browsers refuse hundreds of address changes in a row.
      timer = setTimeout(() => {
        const search = momentOf(player.state());
        const text = JSON.stringify(search);
        if (text === (written.current ?? "{}")) return;
        written.current = text;
        // What else the address holds stays: which entries of the history are shown.
        void navigate({
          to: ".",
          search: (now: object) => ({ ...others(now), ...search }),
          replace: true,
          resetScroll: false,
        });
      }, 400);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [player, navigate]);
}

const fields: readonly string[] = ["t", "in", "out", "loop"];
const others = (now: object): object =>
  Object.fromEntries(Object.entries(now).filter(([name]) => !fields.includes(name)));

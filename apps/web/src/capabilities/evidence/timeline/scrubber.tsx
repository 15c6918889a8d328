import type { KeyboardEvent, ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";

/** The keyboard's and the screen reader's way through time; the pointer uses the lanes themselves. */
export function Scrubber(props: { duration: number }): ReactElement {
  const player = usePlayer();
  const time = usePlayerState((state) => Math.round(state.time * 10) / 10);
  const press = (event: KeyboardEvent): void => {
    const far = Math.max(10, props.duration / 20);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: time - (event.shiftKey ? 1 : 5),
      ArrowRight: time + (event.shiftKey ? 1 : 5),
      ArrowDown: time - 5,
      ArrowUp: time + 5,
      PageDown: time - far,
      PageUp: time + far,
      Home: 0,
      End: props.duration,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    player.seek(to);
  };
  return (
    <div
      className="scrubber"
      role="slider"
      tabIndex={0}
      aria-label={words.evidence.timeline.scrubber}
      aria-valuemin={0}
      aria-valuemax={Math.round(props.duration * 10) / 10}
      aria-valuenow={time}
      aria-valuetext={formatTimecode(time)}
      onKeyDown={press}
    />
  );
}

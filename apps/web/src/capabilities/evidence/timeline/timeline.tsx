import type { Evidence } from "@sworn/contract";
import { useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import type { Fix } from "../path/geometry.ts";
import type { Part } from "../stage/parts.ts";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";
import { Ruler } from "./ruler.tsx";
import { SpeedLane } from "./speed-lane.tsx";
import "./timeline.css";

const say = words.evidence.timeline;

/** One time line for everything: whatever lane the pointer is over, all lanes, the map and the clock follow. */
export function Timeline(props: {
  evidence: Evidence;
  parts: readonly Part[];
  fixes: readonly Fix[];
}): ReactElement | null {
  const player = usePlayer();
  const lanes = useRef<HTMLDivElement>(null);
  const fromPlayer = usePlayerState((state) => state.duration);
  const last = props.parts.at(-1);
  const duration = fromPlayer > 0 ? fromPlayer : (last?.start ?? 0) + (last?.duration ?? 0);
  if (duration <= 0) return null;

  const timeUnder = (event: PointerEvent): number => {
    const box = lanes.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * duration;
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const time = timeUnder(event);
    player.hover(time);
    if (event.buttons === 1) player.seek(time);
  };
  const begin = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    player.seek(timeUnder(event));
  };
  return (
    <div className="lanes">
      <div className="lane-names" aria-hidden="true">
        <span className="lane-ruler">{say.time}</span>
        {props.fixes.length > 1 ? <span className="lane-speed">{say.speed}</span> : null}
        <span className="lane-markers">{say.markers}</span>
      </div>
      <div
        className="lane-stack"
        ref={lanes}
        onPointerDown={begin}
        onPointerMove={drag}
        onPointerLeave={() => player.hover(null)}
      >
        <Scrubber duration={duration} />
        <div className="lane lane-ruler">
          <Ruler duration={duration} parts={props.parts} />
        </div>
        {props.fixes.length > 1 ? (
          <div className="lane lane-speed">
            <SpeedLane fixes={props.fixes} duration={duration} />
          </div>
        ) : null}
        <div className="lane lane-markers">
          <span className="lane-empty">{say.noMarkers}</span>
        </div>
        <Cursor duration={duration} />
      </div>
    </div>
  );
}

/** The keyboard's and the screen reader's way through time; the pointer uses the lanes themselves. */
function Scrubber(props: { duration: number }): ReactElement {
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
      aria-label={say.scrubber}
      aria-valuemin={0}
      aria-valuemax={Math.round(props.duration * 10) / 10}
      aria-valuenow={time}
      aria-valuetext={formatTimecode(time)}
      onKeyDown={press}
    />
  );
}

function Cursor(props: { duration: number }): ReactElement {
  const time = usePlayerState((state) => state.time);
  const hover = usePlayerState((state) => state.hover);
  const at = (seconds: number): string => `${Math.min(100, (seconds / props.duration) * 100)}%`;
  return (
    <>
      <div className="lane-played" style={{ width: at(time) }} />
      <div className="lane-cursor" style={{ left: at(time) }} />
      {hover === null ? null : (
        <div className="lane-hover" style={{ left: at(hover) }}>
          <span className={`mono${hover / props.duration > 0.85 ? " lane-hover-left" : ""}`}>
            {formatTimecode(hover)}
          </span>
        </div>
      )}
    </>
  );
}

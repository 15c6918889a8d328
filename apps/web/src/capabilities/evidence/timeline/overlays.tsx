import type { ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import type { Part } from "../stage/parts.ts";
import { usePlayerState } from "../stage/use-player.ts";
import type { LaneView } from "./lane.ts";

const percent = (value: number): string => `${value}%`;
const inSight = (value: number): boolean => value >= 0 && value <= 100;
const clamped = (value: number): number => Math.max(0, Math.min(100, value));

/** Where the picture is, and where the pointer is, through all lanes. */
export function Cursor(props: { view: LaneView }): ReactElement {
  const { view } = props;
  const time = usePlayerState((state) => state.time);
  const hover = usePlayerState((state) => state.hover);
  const now = view.at(time);
  const then = hover === null ? null : view.at(hover);
  return (
    <>
      <div className="lane-played" style={{ width: percent(clamped(now)) }} />
      {inSight(now) ? <div className="lane-cursor" style={{ left: percent(now) }} /> : null}
      {hover === null || then === null || !inSight(then) ? null : (
        <div className="lane-hover" style={{ left: percent(then) }}>
          <span className={`mono${then > 85 ? " lane-hover-left" : ""}`}>{formatTimecode(hover)}</span>
        </div>
      )}
    </>
  );
}

/** The stretch between I and O. */
export function Range(props: { view: LaneView }): ReactElement | null {
  const { view } = props;
  const from = usePlayerState((state) => state.rangeIn);
  const to = usePlayerState((state) => state.rangeOut);
  const looping = usePlayerState((state) => state.looping);
  if (from === null && to === null) return null;
  const left = clamped(from === null ? 0 : view.at(from));
  const right = clamped(to === null ? 100 : view.at(to));
  return (
    <div
      className={`lane-range${looping ? " lane-range-loops" : ""}${from === null ? " lane-range-open-left" : ""}${to === null ? " lane-range-open-right" : ""}`}
      style={{ left: percent(left), width: percent(right - left) }}
    />
  );
}

export function PartEdges(props: { view: LaneView; parts: readonly Part[] }): ReactElement {
  const { view, parts } = props;
  return (
    <>
      {parts.slice(1).map((part) => {
        const at = view.at(part.start);
        return inSight(at) ? (
          <span
            key={part.take}
            className="part-edge"
            style={{ left: percent(at) }}
            title={words.frame.partNumber(part.take + 1)}
          />
        ) : null;
      })}
    </>
  );
}

import type { ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import type { LaneView } from "./lane.ts";

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];

/** About eight labels on a wide screen, three on a phone; on round seconds. */
export function tickStep(span: number, width: number): number {
  const most = Math.max(2, Math.min(9, Math.floor(width / 100)));
  return steps.find((step) => span / step <= most) ?? 86_400;
}

export function Ruler(props: { view: LaneView }): ReactElement {
  const { view } = props;
  const step = tickStep(view.to - view.from, view.width);
  const first = Math.ceil(view.from / step - 0.001);
  const last = Math.floor(view.to / step + 0.001);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
  return (
    <>
      {ticks.map((tick) => (
        <span
          key={tick}
          className={`tick mono${view.at(tick) > 94 ? " tick-last" : ""}`}
          style={{ left: `${view.at(tick)}%` }}
        >
          {step < 1 ? formatTimecode(tick) : formatTimecode(tick, { millis: false })}
        </span>
      ))}
    </>
  );
}

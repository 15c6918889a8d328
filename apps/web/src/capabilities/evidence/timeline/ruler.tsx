import type { ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import type { Part } from "../stage/parts.ts";

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** About eight labels, on round seconds. */
export function tickStep(duration: number): number {
  return steps.find((step) => duration / step <= 9) ?? 7200;
}

export function Ruler(props: { duration: number; parts: readonly Part[] }): ReactElement {
  const { duration, parts } = props;
  const step = tickStep(duration);
  const ticks = Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
  const at = (seconds: number): string => `${(seconds / duration) * 100}%`;
  return (
    <>
      {ticks.map((tick) => (
        <span
          key={tick}
          className={`tick mono${tick / duration > 0.94 ? " tick-last" : ""}`}
          style={{ left: at(tick) }}
        >
          {formatTimecode(tick, { millis: false })}
        </span>
      ))}
      {parts.slice(1).map((part) => (
        <span
          key={part.take}
          className="part-edge"
          style={{ left: at(part.start) }}
          title={words.frame.partNumber(part.take + 1)}
        />
      ))}
    </>
  );
}

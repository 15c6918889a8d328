import type { ReactElement } from "react";
import { words } from "../../../words/index.ts";
import { formatDuration } from "../../../ui/format/duration.ts";
import { gapBefore, type Part } from "../stage/parts.ts";
import type { LaneView } from "./lane.ts";

const say = words.evidence.timeline;

/** What was recorded in one piece, and what is missing between the pieces. */
export function PartsLane(props: { view: LaneView; parts: readonly Part[] }): ReactElement {
  const { view, parts } = props;
  return (
    <>
      {parts.map((part, index) => {
        const left = view.at(part.start);
        const width = view.at(part.start + part.duration) - left;
        if (left > 100 || left + width < 0) return null;
        const missing = gapBefore(parts, index);
        const name = words.frame.partNumber(part.take + 1);
        // Its words stay in sight while any of it is.
        const shownFrom = Math.max(0, -left);
        return (
          <span key={part.take} className="part-bar" style={{ left: `${left}%`, width: `${width}%` }}>
            {width < 3 ? null : (
              <span style={{ marginLeft: `${(shownFrom / Math.max(width, 0.001)) * 100}%` }}>
                {missing === null || missing < 0.05 ? name : say.partAfter(name, formatDuration(missing * 1000))}
              </span>
            )}
          </span>
        );
      })}
    </>
  );
}

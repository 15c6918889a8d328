import type { ReactNode } from "react";

/** Which stretch of the recording the lanes show now: all of it, unless somebody zoomed in. */
export interface LaneView {
  /** Seconds at the left and at the right edge. */
  readonly from: number;
  readonly to: number;
  /** Seconds of the whole recording, all parts. */
  readonly duration: number;
  /** Pixels of a lane's width, to judge how much detail is worth drawing. */
  readonly width: number;
  /** Where a moment stands, in percent of the lane's width: below 0 or above 100 when it is out of sight. */
  readonly at: (seconds: number) => number;
}

/**
 * One row of the time line. A capability adds its own by giving the `Timeline` an element of `lanes`; the time line
 * gives it the scale, the name column, the cursor, the range and the hover line.
 *
 * - `draw` is called again whenever the view changes. Place what you draw by `left: ${view.at(seconds)}%`; whatever
 *   stands outside is cut off. Draw only what is in sight where there may be thousands.
 * - What a lane draws lets the pointer through to the time line, which seeks. Give the class `lane-mark` to a button
 *   that is to be pressed itself: pressing it does not seek, and hovering it still moves all lanes.
 * - Time and speed of the picture are the player's (`usePlayer`): `player.seek(seconds)`, `player.hover(seconds)`, and
 *   the chosen range in `player.state().rangeIn` and `.rangeOut` (seconds, or null).
 */
export interface Lane {
  readonly key: string;
  /** What stands to its left. */
  readonly name: string;
  /** Pixels. */
  readonly height: number;
  readonly draw: (view: LaneView) => ReactNode;
}

/** The scale for a stretch of the recording. */
export function laneView(from: number, to: number, duration: number, width: number): LaneView {
  const span = Math.max(0.001, to - from);
  return { from, to, duration, width, at: (seconds) => ((seconds - from) / span) * 100 };
}

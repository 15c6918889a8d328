import { useMemo, type ReactElement } from "react";
import { formatNumber } from "../../../ui/format/number.ts";
import { words } from "../../../words/index.ts";
import { indexAt, thin, type Fix } from "../path/geometry.ts";
import type { LaneView } from "./lane.ts";

const height = 100;

/** Speed over time, in the same measure as the lanes around it. Plain SVG: a thousand points are enough for a screen. */
export function SpeedLane(props: { fixes: readonly Fix[]; view: LaneView }): ReactElement {
  const { fixes, view } = props;
  const { from, to } = view;
  // The same height for the same speed, however close one looks.
  const top = useMemo(() => fixes.reduce((most, { speed }) => Math.max(most, speed ?? 0), 0.5), [fixes]);
  const { line, area } = useMemo(() => trace(fixes, from, to, top), [fixes, from, to, top]);
  const label = words.evidence.timeline.speedTop(top);
  return (
    <>
      <svg className="speed" viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path d={area} className="speed-area" />
        <path d={line} className="speed-line" vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="lane-measure mono" aria-hidden="true">{`${formatNumber(top * 3.6, top < 5 ? 1 : 0)} km/h`}</span>
    </>
  );
}

function trace(fixes: readonly Fix[], from: number, to: number, top: number): { line: string; area: string } {
  // One more on either side, so that the line runs out of the picture instead of ending in it.
  const inSight = fixes.slice(Math.max(0, indexAt(fixes, from)), indexAt(fixes, to) + 2);
  const known = thin(
    inSight.filter((fix) => fix.speed !== null),
    1000,
  );
  const span = Math.max(0.001, to - from);
  let line = "";
  let area = "";
  let opened = 0;
  let before: Fix | undefined;
  const x = (fix: Fix): string => (((fix.time - from) / span) * 1000).toFixed(2);
  for (const fix of known) {
    const y = (height - ((fix.speed ?? 0) / top) * (height - 6)).toFixed(1);
    const follows = before !== undefined && before.take === fix.take && fix.time - before.time < Math.max(5, span / 50);
    if (!follows) {
      if (before !== undefined) area += `L${x(before)} ${height}Z`;
      opened += 1;
      area += `M${x(fix)} ${height}`;
    }
    line += `${follows ? "L" : "M"}${x(fix)} ${y}`;
    area += `L${x(fix)} ${y}`;
    before = fix;
  }
  if (before !== undefined && opened > 0) area += `L${x(before)} ${height}Z`;
  return { line, area };
}

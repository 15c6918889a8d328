import { useMemo, type ReactElement } from "react";
import { words } from "../../../words/index.ts";
import { thin, type Fix } from "../path/geometry.ts";

const height = 100;

/** Speed over time, in the same measure as the lanes around it. Plain SVG: a thousand points are enough for a screen. */
export function SpeedLane(props: { fixes: readonly Fix[]; duration: number }): ReactElement {
  const { fixes, duration } = props;
  const { line, area, top } = useMemo(() => trace(fixes, duration), [fixes, duration]);
  const label = words.evidence.timeline.speedTop(top);
  return (
    <>
      <svg className="speed" viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <path d={area} className="speed-area" />
        <path d={line} className="speed-line" vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="lane-measure mono" aria-hidden="true">{`${(top * 3.6).toFixed(top < 5 ? 1 : 0)} km/h`}</span>
    </>
  );
}

function trace(fixes: readonly Fix[], duration: number): { line: string; area: string; top: number } {
  const known = thin(
    fixes.filter((fix) => fix.speed !== null),
    1000,
  );
  const top = Math.max(0.5, ...known.map((fix) => fix.speed ?? 0));
  let line = "";
  let area = "";
  let opened = 0;
  let before: Fix | undefined;
  const x = (fix: Fix): string => ((fix.time / duration) * 1000).toFixed(2);
  for (const fix of known) {
    const y = (height - ((fix.speed ?? 0) / top) * (height - 6)).toFixed(1);
    const follows =
      before !== undefined && before.take === fix.take && fix.time - before.time < Math.max(5, duration / 50);
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
  return { line, area, top };
}

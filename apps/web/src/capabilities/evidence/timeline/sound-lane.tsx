import { useMemo, type ReactElement } from "react";
import { words } from "../../../words/index.ts";
import type { LaneView } from "./lane.ts";
import type { PartStrips } from "./use-strips.ts";

/** How loud it is: for each pixel the largest swing that falls on it, so that a single shot is never lost. */
export function SoundLane(props: { view: LaneView; strips: readonly PartStrips[] }): ReactElement {
  const { view, strips } = props;
  const { from, to, width } = view;
  const path = useMemo(
    () => strips.map((strip) => outline(strip, { from, to }, width)).join(""),
    [strips, from, to, width],
  );
  return (
    <svg
      className="sound"
      viewBox={`0 0 ${Math.max(1, width)} 200`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.evidence.timeline.soundLabel}
    >
      <path d={path} />
    </svg>
  );
}

function outline(strip: PartStrips, stretch: { from: number; to: number }, width: number): string {
  const { part, waveform } = strip;
  if (waveform === null || width === 0) return "";
  const { peaks, stepMs } = waveform;
  const perPixel = (stretch.to - stretch.from) / width;
  const pixel = (seconds: number): number => (seconds - stretch.from) / perPixel;
  const first = Math.max(0, Math.floor(pixel(part.start)));
  const last = Math.min(width, Math.ceil(pixel(part.start + (peaks.length * stepMs) / 1000)));
  if (last <= first) return "";
  const index = (x: number): number => ((stretch.from + x * perPixel - part.start) * 1000) / stepMs;
  const swings: number[] = [];
  for (let x = first; x < last; x += 1) {
    const begin = Math.max(0, Math.floor(index(x)));
    const end = Math.min(peaks.length, Math.max(begin + 1, Math.ceil(index(x + 1))));
    let top = 0;
    for (let i = begin; i < end; i += 1) top = Math.max(top, peaks[i] ?? 0);
    swings.push(Math.max(1.5, (top / 255) * 98));
  }
  const upper = swings.map((swing, i) => `${first + i} ${(100 - swing).toFixed(1)}`);
  const lower = swings.map((swing, i) => `${first + i} ${(100 + swing).toFixed(1)}`).toReversed();
  return `M${upper.join("L")}L${lower.join("L")}Z`;
}

import type { ReactElement } from "react";
import { usePlayerState } from "../stage/use-player.ts";
import type { LaneView } from "./lane.ts";
import { tileAt, tileStyle } from "./storyboard-tile.ts";
import { stripsAt, type PartStrips } from "./use-strips.ts";

/** The picture of the moment that is pointed at, above the lanes: one finds the place before going there. */
export function Preview(props: { view: LaneView; strips: readonly PartStrips[] }): ReactElement | null {
  const { view, strips } = props;
  const hover = usePlayerState((state) => state.hover);
  if (hover === null || hover < view.from || hover > view.to) return null;
  const strip = stripsAt(strips, hover);
  if (strip === undefined || strip.storyboard === null) return null;
  const { tileWidth, tileHeight } = strip.storyboard;
  const tile = tileAt(strip.storyboard, hover - strip.part.start);
  const half = tileWidth / 2;
  const x = Math.max(half, Math.min(view.width - half, (view.at(hover) / 100) * view.width));
  return (
    <span
      className="lane-preview"
      data-tile={tile}
      aria-hidden="true"
      style={{ left: x - half, width: tileWidth, height: tileHeight, ...tileStyle(strip.storyboard, strip.url, tile) }}
    />
  );
}

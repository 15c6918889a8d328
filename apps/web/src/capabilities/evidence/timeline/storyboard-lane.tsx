import type { ReactElement } from "react";
import type { LaneView } from "./lane.ts";
import { tileAt, tileStyle } from "./storyboard-tile.ts";
import { stripsAt, type PartStrips } from "./use-strips.ts";

export const storyboardHeight = 44;

/** As many pictures side by side as fit, each the one of its own moment. */
export function StoryboardLane(props: { view: LaneView; strips: readonly PartStrips[] }): ReactElement {
  const { view, strips } = props;
  const first = strips.find(({ storyboard }) => storyboard !== null)?.storyboard;
  if (first === null || first === undefined || view.width === 0) return <></>;
  const width = Math.max(24, (storyboardHeight * first.tileWidth) / first.tileHeight);
  const count = Math.ceil(view.width / width);
  const span = view.to - view.from;
  return (
    <>
      {Array.from({ length: count }, (_, index) => {
        // Where a picture begins, not its middle: that is the moment a press on its left edge leads to.
        const time = view.from + ((index * width) / view.width) * span;
        const strip = stripsAt(strips, time);
        if (strip === undefined || strip.storyboard === null) return null;
        const tile = tileAt(strip.storyboard, time - strip.part.start);
        return (
          <span
            key={index}
            className="board-tile"
            style={{ left: index * width, width, ...tileStyle(strip.storyboard, strip.url, tile) }}
          />
        );
      })}
    </>
  );
}

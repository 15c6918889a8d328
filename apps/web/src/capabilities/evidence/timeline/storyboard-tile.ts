import type { EvidenceStrips } from "@sworn/contract";
import type { CSSProperties } from "react";

export type Storyboard = NonNullable<EvidenceStrips["storyboard"]>;

/** The tile that stands for a moment of its part: the last one at or before it. */
export function tileAt(storyboard: Storyboard, seconds: number): number {
  const after = storyboard.tiles.findIndex((ms) => ms > seconds * 1000 + 0.5);
  return after === -1 ? storyboard.tiles.length - 1 : Math.max(0, after - 1);
}

/** Shows one tile of the picture that holds them all, in a box of any size with the tile's proportions. */
export function tileStyle(storyboard: Storyboard, url: string, tile: number): CSSProperties {
  const { columns, tiles } = storyboard;
  const rows = Math.ceil(tiles.length / columns);
  const place = (at: number, count: number): string => `${count > 1 ? (at / (count - 1)) * 100 : 0}%`;
  return {
    backgroundImage: `url("${url}")`,
    backgroundSize: `${columns * 100}% ${rows * 100}%`,
    backgroundPosition: `${place(tile % columns, columns)} ${place(Math.floor(tile / columns), rows)}`,
  };
}

import type { MarkerPlace } from "@sworn/contract";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import { partAt, type Part } from "../stage/parts.ts";

/** A moment or range of the page's time line, in seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

/** Where a marker stands on the page's time line; null where its part is not there, or it is about the whole item. */
export function stretchOf(place: MarkerPlace | null, parts: readonly Part[]): Stretch | null {
  const part = place === null ? undefined : parts.find(({ take }) => take === place.take);
  if (place === null || part === undefined) return null;
  return { from: part.start + place.fromMs / 1000, to: place.toMs === null ? null : part.start + place.toMs / 1000 };
}

/** Names the part that the beginning lies in; a range that runs into the next part ends with its own. */
export function placeAt(parts: readonly Part[], { from, to }: Stretch): MarkerPlace | null {
  const part = partAt(parts, from);
  if (part === undefined) return null;
  const ms = (seconds: number): number => Math.max(0, Math.round((seconds - part.start) * 1000));
  const end = to === null ? null : part.duration > 0 ? Math.min(to, part.start + part.duration) : to;
  const [fromMs, toMs] = [ms(from), end === null ? null : ms(end)];
  return { take: part.take, fromMs, toMs: toMs !== null && toMs > fromMs ? toMs : null };
}

export function sayStretch(stretch: Stretch | null): string {
  const say = words.markers;
  if (stretch === null) return say.whole;
  const from = formatTimecode(stretch.from);
  return stretch.to === null ? say.at(from) : say.range(from, formatTimecode(stretch.to));
}

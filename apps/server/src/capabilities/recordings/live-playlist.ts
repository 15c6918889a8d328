export interface PlayableFragment {
  readonly take: number;
  readonly n: number;
  readonly durationMs: number;
}

/** How many fragments of a running recording the playlist shows: about a minute. */
export const LIVE_WINDOW = 60;

/**
 * HLS (RFC 8216) over received fragments, in order. Takes are joined by EXT-X-DISCONTINUITY, each with its own init
 * segment: they are never concatenated. `before`: fragments and takes that are no longer listed, so that a player knows
 * where it is. Without `live` the list is complete and says so.
 */
export function writePlaylist(
  fragments: readonly PlayableFragment[],
  options: { live: boolean; before: { fragments: number; takes: number }; base: string },
): string {
  const { live, before, base } = options;
  const longest = Math.max(1000, ...fragments.map((fragment) => fragment.durationMs));
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(longest / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${before.fragments}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${before.takes}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  let current: number | undefined;
  for (const { take, n, durationMs } of fragments) {
    if (take !== current) {
      if (current !== undefined) lines.push("#EXT-X-DISCONTINUITY");
      lines.push(`#EXT-X-MAP:URI="${base}/takes/${take}/init"`);
      current = take;
    }
    lines.push(`#EXTINF:${(durationMs / 1000).toFixed(3)},`, `${base}/takes/${take}/fragments/${n}`);
  }
  if (!live) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}

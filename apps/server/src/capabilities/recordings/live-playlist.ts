export interface PlayableFragment {
  readonly take: number;
  readonly n: number;
  readonly durationMs: number;
}

/** How many fragments of a running recording the playlist shows: about a minute. */
export const LIVE_WINDOW = 60;

const LINES_AT_ONCE = 2000;

/**
 * HLS (RFC 8216) over received fragments, in order. Takes are joined by EXT-X-DISCONTINUITY, each with its own init
 * segment: they are never concatenated. `before`: fragments and takes that are no longer listed, so that a player knows
 * where it is. Without `live` the list is complete and says so. In pieces, as the
 * fragments come.
 */
export async function* writePlaylist(
  fragments: AsyncIterable<PlayableFragment>,
  options: { live: boolean; before: { fragments: number; takes: number }; longestMs: number; base: string },
): AsyncGenerator<Uint8Array> {
  const { live, before, longestMs, base } = options;
  let lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(1000, longestMs) / 1000)}`,
    `#EXT-X-MEDIA-SEQUENCE:${before.fragments}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${before.takes}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  const flush = (): Uint8Array => {
    const text = `${lines.join("\n")}\n`;
    lines = [];
    return Buffer.from(text);
  };
  let current: number | undefined;
  for await (const { take, n, durationMs } of fragments) {
    if (take !== current) {
      if (current !== undefined) lines.push("#EXT-X-DISCONTINUITY");
      lines.push(`#EXT-X-MAP:URI="${base}/takes/${take}/init"`);
      current = take;
    }
    lines.push(`#EXTINF:${(durationMs / 1000).toFixed(3)},`, `${base}/takes/${take}/fragments/${n}`);
    if (lines.length >= LINES_AT_ONCE) yield flush();
  }
  if (!live) lines.push("#EXT-X-ENDLIST");
  if (lines.length > 0) yield flush();
}

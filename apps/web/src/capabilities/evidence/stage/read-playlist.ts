/** One fragment in its part's file. */
export interface PlaylistEntry {
  readonly offset: number;
  readonly size: number;
  /** Seconds from the start of its part. */
  readonly start: number;
}
export interface PlaylistPart {
  readonly take: number;
  readonly init: { readonly offset: number; readonly size: number };
  readonly entries: PlaylistEntry[];
}

/** Where each fragment lies, from the playlist that our own server writes (RFC 8216, byte ranges). */
export function readPlaylist(text: string): readonly PlaylistPart[] {
  const parts: PlaylistPart[] = [];
  let at = 0;
  let length = 0;
  for (const line of text.split("\n")) {
    const map = /^#EXT-X-MAP:URI="media\?take=(\d+)",BYTERANGE="(\d+)@(\d+)"/.exec(line);
    if (map !== null) {
      parts.push({ take: Number(map[1]), init: { size: Number(map[2]), offset: Number(map[3]) }, entries: [] });
      at = 0;
      continue;
    }
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (duration !== undefined) length = Number(duration);
    const range = /^#EXT-X-BYTERANGE:(\d+)@(\d+)/.exec(line);
    if (range === null) continue;
    parts.at(-1)?.entries.push({ size: Number(range[1]), offset: Number(range[2]), start: at });
    at += length;
  }
  return parts;
}

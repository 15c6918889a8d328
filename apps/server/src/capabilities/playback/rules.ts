import { Problem } from "@sworn/contract";

/** Bytes [start, end). */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range of a `Range` header (RFC 9110, section 14), or null to answer whole: no header, another unit, several
 * ranges (a server may ignore them), or an `If-Range` that names another version. `range-unsatisfiable` beyond the end.
 */
export function parseRange(
  headers: { readonly range?: string | undefined; readonly ifRange?: string | undefined },
  size: number,
  etag: string | null,
): Range | null {
  const { range, ifRange } = headers;
  if (range === undefined) return null;
  // Only a strong tag may continue a download; a date or a weak tag cannot promise the same bytes.
  if (ifRange !== undefined && ifRange !== etag) return null;
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(range.replaceAll(" ", ""));
  if (match === null || (match[1] === "" && match[2] === "")) return null;
  const [first, last] = [match[1] ?? "", match[2] ?? ""];
  if (first === "") {
    const length = Math.min(Number(last), size);
    if (length === 0) throw new Problem("range-unsatisfiable");
    return { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return null; // not a range at all: ignored, as the RFC asks
  if (start >= size) throw new Problem("range-unsatisfiable");
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

/** Whether `If-None-Match` names this version (weak comparison, RFC 9110 section 13.1.2). */
export function matchesTag(header: string | undefined, etag: string | null): boolean {
  if (header === undefined || etag === null) return false;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");
}

const extensions: Readonly<Record<string, string>> = {
  "video/mp4": ".mp4",
  "video/quicktime": ".mov",
  "image/jpeg": ".jpg",
  "image/png": ".png",
};

/** `Content-Disposition` (RFC 6266): an ASCII name for old programs and the true one in UTF-8. */
export function disposition(
  kind: "inline" | "attachment",
  name: string,
  mediaType: string,
  part: number | null,
): string {
  const extension = extensions[mediaType] ?? "";
  const known = extension !== "" && name.toLowerCase().endsWith(extension);
  const stem = known ? name.slice(0, -extension.length) : name;
  const full = `${stem}${part === null ? "" : ` part ${part + 1}`}${extension}`.replaceAll(/[\p{Cc}/\\:*?"<>|]/gu, "_");
  const ascii = full.replaceAll(/[^\x20-\x7e]/g, "_").replaceAll("%", "_");
  const utf8 = encodeURIComponent(full).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}

export interface PlaylistFragment {
  readonly offset: number;
  readonly size: number;
  readonly durationMs: number;
}

export interface PlaylistTake {
  readonly take: number;
  readonly init: { readonly offset: number; readonly size: number };
  readonly longestMs: number;
  readonly fragments: AsyncIterable<PlaylistFragment> | Iterable<PlaylistFragment>;
}

const LINES_AT_ONCE = 2000;

/**
 * One HLS playlist (RFC 8216) over byte ranges of each part's own file; parts are joined by a discontinuity. In pieces,
 * as the fragments come.
 */
export async function* writePlaylist(takes: readonly PlaylistTake[]): AsyncGenerator<Uint8Array> {
  const longest = Math.max(1, ...takes.map(({ longestMs }) => longestMs / 1000));
  let lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    `#EXT-X-TARGETDURATION:${Math.ceil(longest)}`,
  ];
  const flush = (): Uint8Array => {
    const text = `${lines.join("\n")}\n`;
    lines = [];
    return Buffer.from(text);
  };
  for (const [i, { take, init, fragments }] of takes.entries()) {
    const uri = `media?take=${take}`;
    if (i > 0) lines.push("#EXT-X-DISCONTINUITY");
    lines.push(`#EXT-X-MAP:URI="${uri}",BYTERANGE="${init.size}@${init.offset}"`);
    for await (const { offset, size, durationMs } of fragments) {
      lines.push(`#EXTINF:${(durationMs / 1000).toFixed(3)},`, `#EXT-X-BYTERANGE:${size}@${offset}`, uri);
      if (lines.length >= LINES_AT_ONCE) yield flush();
    }
  }
  lines.push("#EXT-X-ENDLIST");
  yield flush();
}

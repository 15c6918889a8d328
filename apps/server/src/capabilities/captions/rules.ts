/** Times in ms from the beginning of the part. */
export interface Cue {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
}

export const MOST_BYTES = 512 * 1024;
const MOST_CUES = 20_000;
const MOST_TEXT = 1_000;
/** A week: no part is longer. */
const MOST_MS = 604_800_000;

const timing =
  /^\s*(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})\s+-->\s+(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:\s.*)?$/u;

/**
 * The cues of a WebVTT text in their order; null where it is none, or holds no cue, or more than anybody would read.
 * A cue whose times or text make no sense is left out.
 */
export function readWebVtt(source: string): Cue[] | null {
  if (source.length > MOST_BYTES) return null;
  const lines = source
    .replace(/^\uFEFF/u, "")
    .replaceAll("\0", "")
    .split(/\r\n|\r|\n/u);
  if (!/^WEBVTT(?:[ \t]|$)/u.test(lines[0] ?? "")) return null;
  const cues: Cue[] = [];
  for (let at = 1; at < lines.length; at++) {
    const times = timing.exec(lines[at] ?? "");
    if (times === null) continue;
    const text: string[] = [];
    while (at + 1 < lines.length && lines[at + 1] !== "" && !timing.test(lines[at + 1] ?? ""))
      text.push(lines[++at] ?? "");
    const [fromMs, toMs] = [msOf(times.slice(1, 5)), msOf(times.slice(5, 9))];
    const plain = plainText(text.join("\n"));
    if (toMs > fromMs && toMs <= MOST_MS && plain !== "") cues.push({ fromMs, toMs, text: plain.slice(0, MOST_TEXT) });
    if (cues.length > MOST_CUES) return null;
  }
  return cues.length === 0 ? null : cues.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

function msOf([hours, minutes, seconds, ms]: readonly (string | undefined)[]): number {
  return ((Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
  lrm: "",
  rlm: "",
  quot: '"',
};

/** Without tags, with characters in place of their names, at most a few lines. */
function plainText(text: string): string {
  return text
    .replaceAll(/<[^>]*>?/gu, "")
    .replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm|quot);/gu, (_, name: string) => entities[name] ?? "")
    .replaceAll(/[^\P{C}\n\t]/gu, "")
    .replaceAll(/\n\s*\n/gu, "\n")
    .trim();
}

/** Cues as WebVTT that holds nothing but times and plain text. */
export function writeWebVtt(cues: readonly Cue[]): string {
  const escaped = (text: string): string =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll(/\n\s*\n/gu, "\n");
  const cue = ({ fromMs, toMs, text }: Cue): string => `${clock(fromMs)} --> ${clock(toMs)}\n${escaped(text)}\n`;
  return `WEBVTT\n\n${cues.map(cue).join("\n")}`;
}

function clock(ms: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const seconds = ms / 1000;
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

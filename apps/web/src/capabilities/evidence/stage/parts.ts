import type { Evidence } from "@sworn/contract";

/** One part on the page's single time line, in seconds. */
export interface Part {
  readonly take: number;
  readonly start: number;
  readonly duration: number;
  readonly startedAt: string | null;
}

/** Parts stand one after the other, as the playlist plays them; the true gap between them is said, not drawn. */
export function partsOf(evidence: Evidence): readonly Part[] {
  const known = evidence.media.facts?.durationMs ?? null;
  let start = 0;
  return evidence.takes.map((take) => {
    const only = evidence.takes.length === 1;
    const duration = ((only ? (known ?? take.durationMs) : take.durationMs) ?? 0) / 1000;
    const part: Part = {
      take: take.take,
      start,
      duration,
      startedAt: take.startedAt ?? (only ? evidence.recordedAt : null),
    };
    start += duration;
    return part;
  });
}

/** The part that plays at a time; the last one beyond the end. */
export function partAt(parts: readonly Part[], time: number): Part | undefined {
  return parts.findLast((part) => part.start <= time + 0.0005) ?? parts[0];
}

/** Wall-clock time of a moment, where the part's start is known. */
export function wallClockAt(parts: readonly Part[], time: number): string | null {
  const part = partAt(parts, time);
  if (part?.startedAt === null || part?.startedAt === undefined) return null;
  return new Date(Date.parse(part.startedAt) + Math.round((time - part.start) * 1000)).toISOString();
}

/** Seconds that nobody recorded between this part and the one before it, or null where a clock is missing. */
export function gapBefore(parts: readonly Part[], index: number): number | null {
  const part = parts[index];
  const before = parts[index - 1];
  if (part?.startedAt === null || before?.startedAt === null) return null;
  if (part === undefined || before === undefined) return null;
  return Math.max(0, (Date.parse(part.startedAt) - Date.parse(before.startedAt)) / 1000 - before.duration);
}

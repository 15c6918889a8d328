import type { Fix } from "./geometry.ts";

/**
 * The fix nearest to a pointer, within `reach` pixels. Where a path crosses itself or somebody stands still many fixes
 * are equally near: then the one nearest in time is meant, or the picture would jump about.
 */
export function nearestFix(
  fixes: readonly Fix[],
  project: (fix: Fix) => { x: number; y: number },
  at: { x: number; y: number },
  reach: number,
  time: number,
): Fix | null {
  let best: Fix | null = null;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const fix of fixes) {
    const point = project(fix);
    const pixels = Math.hypot(point.x - at.x, point.y - at.y);
    if (pixels > reach) continue;
    // Up to 4 px of nearness are worth less than being close in time.
    const score = Math.round(pixels / 4) * 1e6 + Math.abs(fix.time - time);
    if (score < bestScore) {
      best = fix;
      bestScore = score;
    }
  }
  return best;
}

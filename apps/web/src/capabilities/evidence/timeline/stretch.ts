/** The stretch of a recording that the time line shows, in seconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Closer than this nobody can point any better. */
export const leastStretch = 2;

/** As close to what was asked for as the recording allows. */
export function within({ from, to }: Stretch, duration: number): Stretch {
  const span = Math.min(duration, Math.max(Math.min(leastStretch, duration), to - from));
  const start = Math.max(0, Math.min(duration - span, from));
  return { from: start, to: start + span };
}

/** `factor` below 1 goes closer; the moment `around` stays where it is on the screen. */
export function zoomed({ from, to }: Stretch, duration: number, factor: number, around: number): Stretch {
  const span = Math.min(duration, Math.max(Math.min(leastStretch, duration), (to - from) * factor));
  const share = to > from ? Math.max(0, Math.min(1, (around - from) / (to - from))) : 0.5;
  return within({ from: around - share * span, to: around + (1 - share) * span }, duration);
}

export function moved({ from, to }: Stretch, duration: number, seconds: number): Stretch {
  return within({ from: from + seconds, to: to + seconds }, duration);
}

/** Turns the page when the picture leaves what is shown; whoever looked elsewhere meanwhile is left there. */
export function followed(stretch: Stretch, duration: number, before: number, now: number): Stretch {
  const { from, to } = stretch;
  const saw = before >= from && before <= to;
  if (!saw || (now >= from && now <= to)) return stretch;
  const span = to - from;
  return within({ from: now - span * 0.1, to: now + span * 0.9 }, duration);
}

export const isWhole = ({ from, to }: Stretch, duration: number): boolean => from <= 0 && to >= duration - 0.001;

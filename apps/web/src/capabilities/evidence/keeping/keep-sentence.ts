import type { RetentionAnswer } from "@sworn/contract";
import { formatDay } from "../../../ui/format/day.ts";
import type { Moments } from "../../../ui/format/moment.ts";
import { words } from "../../../words/index.ts";

const say = words.evidence.keeping;

export interface KeepSentence {
  /** "Keep until 18 Feb 2027 (Traffic stop, 90 days from the time of capture)." */
  readonly schedule: string;
  /** Why the time does not count from the capture, where it does not; null where it does, or where nothing counts. */
  readonly clock: string | null;
}

/** How long, by which rule, from when. `today`: the calendar day it is in the agency's zone. */
export function keepSentence(retention: RetentionAnswer, moments: Moments, today: string): KeepSentence {
  const { keep, keepUntil, clock, decidedBy } = retention;
  const rule = decidedBy?.name ?? say.uncategorised;
  if (keep === "indefinite" || keepUntil === null) return { schedule: say.withoutEnd(rule), clock: null };
  const because = `${rule}, ${say.period(keep)} ${say.from[clock.basis]}`;
  const ended = keepUntil < today;
  return {
    schedule: (ended ? say.ended : say.until)(formatDay(keepUntil), because),
    clock: clock.because === "captured-at-trusted-time" ? null : say.clock[clock.because](moments.day(clock.at)),
  };
}

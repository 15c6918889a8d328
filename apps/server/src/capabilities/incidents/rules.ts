import type { SuggestionReason } from "@sworn/contract";

/** Footage this long before and after an incident may still show it. */
export const MARGIN_MS = 30 * 60_000;
/** Degrees of latitude; about 300 m. */
export const NEAR_DEGREES = 0.0027;

export interface Candidate {
  readonly startMs: number;
  readonly endMs: number;
  readonly personId: string | null;
  readonly unitId: string | null;
  /** Its GPS track comes near the incident's place. */
  readonly near: boolean;
}
export interface Occasion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly unitId: string | null;
  /** Who recorded what belongs to it already. */
  readonly wearers: ReadonlySet<string>;
}

/**
 * Why an item may belong to an incident, and how likely that is; null where its time says no. The nearer in time the
 * likelier; the same wearer, place or unit each add to it, in that order.
 */
export function judge(item: Candidate, occasion: Occasion): { reasons: SuggestionReason[]; weight: number } | null {
  const apart = Math.max(item.startMs - occasion.toMs, occasion.fromMs - item.endMs, 0);
  if (apart > MARGIN_MS) return null;
  const reasons: SuggestionReason[] = ["time"];
  if (item.personId !== null && occasion.wearers.has(item.personId)) reasons.push("wearer");
  if (item.near) reasons.push("place");
  if (item.unitId !== null && item.unitId === occasion.unitId) reasons.push("unit");
  const worth: Readonly<Record<SuggestionReason, number>> = { time: 0, wearer: 4, place: 3, unit: 1 };
  const more = reasons.reduce((sum, reason) => sum + worth[reason], 0);
  return { reasons, weight: 2 * (1 - apart / MARGIN_MS) + more };
}

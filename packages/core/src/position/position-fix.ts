export const constellationNames = ["GPS", "GLONASS", "Galileo", "BeiDou", "QZSS", "NavIC", "SBAS"] as const;
export type Constellation = (typeof constellationNames)[number];
export type PositionMethod = "gnss" | "network" | "dead-reckoning" | "unknown";

/**
 * One position, in the contract's form. `offsetMs` from the start of the take's picture (or of the sidecar), `at`
 * RFC 3339 UTC, degrees WGS 84, metres, metres per second, degrees true. Null: the source did not say.
 */
export interface PositionFix {
  readonly offsetMs: number;
  readonly at: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly alt: number | null;
  readonly speed: number | null;
  readonly course: number | null;
  readonly accuracy: number | null;
  readonly satellites: number | null;
  readonly constellations: Constellation[];
  readonly method: PositionMethod;
}

/** How often something was refused, by code: what a track leaves out is counted, never silently gone. */
export type Refusals<Code extends string> = Partial<Record<Code, number>>;

export function countRefusal<Code extends string>(refusals: Refusals<Code>, code: Code): void {
  refusals[code] = (refusals[code] ?? 0) + 1;
}

export const DAY_MS = 86_400_000;

/** RFC 3339 with milliseconds for times between 1980 (GPS began) and 2100; null for what a receiver makes up. */
export function toInstant(ms: number | null): string | null {
  if (ms === null || !Number.isFinite(ms) || ms < Date.UTC(1980, 0, 6) || ms >= Date.UTC(2100, 0, 1)) return null;
  return new Date(Math.round(ms)).toISOString();
}

/** The seventh decimal is a centimetre; more digits only pretend. */
export function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

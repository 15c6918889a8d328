import type { RelatedReason } from "@sworn/contract";

/** Within this of each other, footage of one event counts as one (product row S2). */
export const CLOSE_MS = 60_000;
/** The same wearer or place is worth a look for so long. */
export const FAR_MS = 15 * 60_000;
const NEAR_M = 200;

/** West, south, east, north in degrees. */
export interface Area {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}
export interface Footage {
  readonly startMs: number;
  readonly endMs: number;
  readonly personId: string | null;
  readonly deviceId: string | null;
  readonly unitId: string | null;
  readonly area: Area | null;
}
export interface Relation {
  readonly beginsAfterMs: number;
  readonly overlapMs: number;
  readonly distanceM: number | null;
  readonly reasons: RelatedReason[];
  /** The higher, the likelier. */
  readonly weight: number;
}

/** How another item relates to this one; null where nothing says that they show the same. */
export function relate(self: Footage, other: Footage): Relation | null {
  const overlapMs = Math.max(0, Math.min(self.endMs, other.endMs) - Math.max(self.startMs, other.startMs));
  const apartMs = Math.max(other.startMs - self.endMs, self.startMs - other.endMs, 0);
  if (apartMs > FAR_MS) return null;
  const distanceM = self.area === null || other.area === null ? null : metresBetween(self.area, other.area);
  const reasons: RelatedReason[] = [];
  if (same(self.personId, other.personId)) reasons.push("wearer");
  if (same(self.deviceId, other.deviceId)) reasons.push("camera");
  if (same(self.unitId, other.unitId)) reasons.push("unit");
  if (distanceM !== null && distanceM <= NEAR_M) reasons.push("place");
  // A unit is many people in many places: it binds only what is close in time, and not what is known to be elsewhere.
  const elsewhere = distanceM !== null && distanceM > 10 * NEAR_M;
  const binding = reasons.filter((reason) => reason !== "unit" || (apartMs <= CLOSE_MS && !elsewhere));
  if (binding.length === 0) return null;
  const worth: Readonly<Record<RelatedReason, number>> = { place: 4, wearer: 3, camera: 1, unit: 1 };
  const time = overlapMs > 0 ? 2 + Math.min(1, overlapMs / 600_000) : 1 - apartMs / FAR_MS;
  const weight = binding.reduce((sum, reason) => sum + worth[reason], time);
  return { beginsAfterMs: other.startMs - self.startMs, overlapMs, distanceM, reasons: binding, weight };
}

const same = (one: string | null, other: string | null): boolean => one !== null && one === other;

/** Between the nearest points of two boxes, on a sphere of 6,371 km; 0 where they touch. */
export function metresBetween(one: Area, other: Area): number {
  const south = Math.max(0, other.south - one.north, one.south - other.north);
  // Over the date line the way round is the shorter one.
  const gap = Math.max(0, other.west - one.east, one.west - other.east);
  const around = Math.min(gap, Math.max(0, 360 - (Math.max(one.east, other.east) - Math.min(one.west, other.west))));
  const middle = ((one.south + one.north + other.south + other.north) / 4) * (Math.PI / 180);
  const metresPerDegree = (Math.PI / 180) * 6_371_000;
  return Math.hypot(south * metresPerDegree, around * metresPerDegree * Math.cos(middle));
}

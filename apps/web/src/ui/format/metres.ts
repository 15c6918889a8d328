import { formatNumber } from "./number.ts";

/** 47.3 → "47 m"; 2 310 → "2.3 km". */
export function formatMetres(metres: number): string {
  if (metres < 10) return `${formatNumber(metres, 1)} m`;
  return metres < 1000 ? `${Math.round(metres)} m` : `${formatNumber(metres / 1000, metres < 10_000 ? 1 : 0)} km`;
}

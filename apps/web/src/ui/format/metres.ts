/** 47.3 → "47 m"; 2 310 → "2.3 km". */
export function formatMetres(metres: number): string {
  if (metres < 10) return `${metres.toFixed(1)} m`;
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

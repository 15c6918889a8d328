/** Slow to fast, readable on both grounds and without colour vision: it goes from light to strong as well. */
export const speedStops = [
  [0, "#7fa3a6"],
  [1, "#3f9c97"],
  [3, "#1f7fb0"],
  [8, "#6a4fc4"],
  [15, "#c0357f"],
  [30, "#d9480f"],
] as const;

/** The colour of a speed in m/s. */
export function speedColour(speed: number | null): string {
  if (speed === null) return "#8a9298";
  const above = speedStops.findIndex(([limit]) => limit > speed);
  if (above === -1) return speedStops[speedStops.length - 1]?.[1] ?? "#8a9298";
  const [low, from] = speedStops[Math.max(0, above - 1)] ?? speedStops[0];
  const [high, to] = speedStops[above] ?? speedStops[0];
  return mix(from, to, high === low ? 0 : (speed - low) / (high - low));
}

function mix(from: string, to: string, share: number): string {
  const part = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  const channel = (at: number): string =>
    Math.round(part(from, at) + (part(to, at) - part(from, at)) * share)
      .toString(16)
      .padStart(2, "0");
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

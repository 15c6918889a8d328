export const related = {
  title: "Same time and place",
  none: "No other footage of this time and place that you may see.",
  overlaps: (length: string) => `${length} at the same time`,
  earlier: (time: string) => `began ${time} earlier`,
  later: (time: string) => `began ${time} later`,
  away: (metres: number) => (metres === 0 ? "same place" : `${metres} m away`),
  reasons: { wearer: "same wearer", camera: "same camera", unit: "same unit" },
} as const;

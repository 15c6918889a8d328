import { formatOffset } from "../offset.ts";

export const times = {
  title: "Clocks",
  source: "Source said",
  effective: "Holds now",
  server: "Received",
  serverClock: "this server's clock",
  gnss: "Satellites",
  gnssRange: (from: string, to: string) => `${from} to ${to}`,
  noGnss: "No track with times",
  drift: "Drift",
  driftBy: (ms: number, uncertaintyMs: number | null) =>
    `The source is ${formatOffset(-ms)} against satellites${uncertaintyMs === null ? "" : ` (±${uncertaintyMs / 1000} s)`}`,
  corrected: (ms: number) => `corrected by ${formatOffset(ms)}`,
  correctedShort: "time corrected",
  none: "Not corrected.",
  correction: (ms: number, uncertaintyMs: number | null) =>
    `${ms === 0 ? "Correction taken back" : formatOffset(ms)}${uncertaintyMs === null ? "" : ` (±${uncertaintyMs / 1000} s)`}`,
  by: (name: string, when: string) => `${name}, ${when}`,
  correct: "Correct the time…",
  dialog: "Correct the time",
  lead: "What the source said stays. Your correction is added beside it with your name, and never shortens how long the item is kept. What was made from it is corrected with it.",
  offset: "Add to the source's time, in seconds (0 takes corrections back)",
  uncertainty: "Uncertain by, in seconds (may stay empty)",
  reason: "Why, and compared with what",
  submit: "Correct",
} as const;

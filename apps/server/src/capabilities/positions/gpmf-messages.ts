import type { TrackFacts } from "./rules.ts";

// What the server and the thread that parses a hostile file say to each other: one question, one answer.

export type ToThread =
  /** The file's index (moov). */
  | { kind: "index"; moov: Uint8Array }
  | { kind: "payload"; bytes: Uint8Array; startMs: number; durationMs: number }
  /** All payloads are there: read them. */
  | { kind: "read" }
  /** The next piece of the track file. */
  | { kind: "more" };

export type FromThread =
  /** Four numbers per sample: offset and size in bytes, start and duration in ms. */
  | { kind: "samples"; samples: Float64Array<ArrayBuffer> }
  /** Nothing to read, and why: that will not change. */
  | { kind: "none"; why: string }
  | { kind: "taken" }
  | { kind: "track"; facts: TrackFacts; refused: Record<string, number>; device: string | null }
  | { kind: "lines"; bytes: Uint8Array<ArrayBuffer> | null };

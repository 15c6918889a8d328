import { z } from "zod";
import { Id, Instant, TimeSource } from "./evidence.ts";

/** A hundred years: further off than any camera's clock. */
const OffsetMs = z.int().min(-3_155_760_000_000).max(3_155_760_000_000);

/** By how much the source's clock was slow (+) or fast (−); 0 takes every correction back. The last one holds. */
export const CorrectTime = z.object({
  offsetMs: OffsetMs,
  uncertaintyMs: z.int().min(0).max(2_000_000_000).nullable().default(null),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .regex(/^[^\0\p{Cs}]*$/u),
});
export type CorrectTime = z.input<typeof CorrectTime>;

/** Every clock that says something about when an item was recorded, and what people corrected. */
export const EvidenceTimes = z.object({
  /** What holds: the source's time with the last correction. */
  recordedAt: Instant.nullable(),
  /** As the source said, whatever was corrected since. */
  sourceAt: Instant.nullable(),
  source: TimeSource,
  sourceUncertaintyMs: z.int().nullable(),
  /** This server's clock. */
  receivedAt: Instant,
  storedAt: Instant.nullable(),
  /** First and last fix of its tracks, by satellites. */
  gnss: z.object({ from: Instant, to: Instant.nullable(), source: z.string() }).nullable(),
  /** Satellites minus source, of the moment the picture began; null where either is missing, or they are one. */
  driftMs: z.int().nullable(),
  corrections: z.array(
    z.object({
      n: z.int(),
      offsetMs: OffsetMs,
      uncertaintyMs: z.int().nullable(),
      reason: z.string(),
      by: z.object({ id: Id, name: z.string() }),
      at: Instant,
    }),
  ),
});
export type EvidenceTimes = z.infer<typeof EvidenceTimes>;

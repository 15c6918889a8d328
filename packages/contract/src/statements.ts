import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

const words = (most: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\0]*$/u);

/** Left out, `personIds` are all who recorded what the asker sees of the incident. */
export const PlaceLock = z.object({ reason: words(1000), personIds: z.array(Id).min(1).max(100).optional() });
export const RecordStatement = z.object({ at: z.iso.datetime({ offset: true }), takenBy: words(200) });
/** `mistake`: the lock should not have been placed; no statement is needed then. */
export const EndLock = z.object({ reason: words(1000), mistake: z.boolean().default(false) });

export const StatementLock = z.object({
  id: Id,
  reason: z.string(),
  placedBy: z.string().nullable(),
  placedAt: Instant,
  people: z.array(
    z.object({
      id: Id,
      name: z.string(),
      statementAt: Instant.nullable(),
      takenBy: z.string().nullable(),
      endedAt: Instant.nullable(),
      endedBy: z.string().nullable(),
      endReason: z.string().nullable(),
    }),
  ),
});
export type StatementLock = z.infer<typeof StatementLock>;
export const StatementLocks = z.object({ items: z.array(StatementLock) });

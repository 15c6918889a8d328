import { z } from "zod";
import { EvidenceKind, Id, Instant } from "./evidence.ts";

/** Why an item is shown beside another one. */
export const RelatedReason = z.enum([
  "wearer", // the same person wore the camera
  "camera", // the same camera
  "unit",
  "place", // their tracks come within 200 m of each other
]);
export type RelatedReason = z.infer<typeof RelatedReason>;

/** Other footage of the same time and place, the likeliest first; at most 20, among those the asker may see. */
export const RelatedFootage = z.object({
  items: z.array(
    z.object({
      id: Id,
      title: z.string(),
      kind: EvidenceKind,
      recordedAt: Instant,
      durationMs: z.int().nullable(),
      person: z.object({ id: Id, name: z.string() }).nullable(),
      device: z.object({ id: Id, name: z.string() }).nullable(),
      /** Milliseconds from this item's beginning to its; negative where it began earlier. */
      beginsAfterMs: z.int(),
      /** Milliseconds that both show; 0 where one ended before the other began. */
      overlapMs: z.int(),
      /** Metres between the areas of their tracks; null where one has none. */
      distanceM: z.number().nullable(),
      reasons: z.array(RelatedReason),
    }),
  ),
});
export type RelatedFootage = z.infer<typeof RelatedFootage>;

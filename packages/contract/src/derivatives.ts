import { z } from "zod";
import { EvidenceKind, Id, Instant } from "./evidence.ts";

const Ms = z.int().min(0).max(604_800_000);
const Take = z.int().min(0).max(32_767);
/** A clip takes at most half an hour of one part. */
export const longestClipMs = 30 * 60 * 1000;

export const DerivativeKind = z.enum(["snapshot", "clip"]);
export type DerivativeKind = z.infer<typeof DerivativeKind>;

/** A still of the picture that stands at a moment, or a clip of a range; made on the server, an item of its own. */
export const AskRendering = z
  .object({
    kind: DerivativeKind,
    take: Take,
    fromMs: Ms,
    /** For a clip. */
    toMs: Ms.nullable().default(null),
    title: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\0\p{Cs}]*$/u)
      .optional(),
  })
  .refine(({ kind, toMs }) => (kind === "clip") === (toMs !== null), "A clip has an end, a still has none.");
export type AskRendering = z.input<typeof AskRendering>;

export const Rendering = z.object({
  /** Becomes the derivative's. */
  id: Id,
  sourceId: Id,
  kind: DerivativeKind,
  take: Take,
  fromMs: Ms,
  toMs: Ms.nullable(),
  title: z.string(),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
  /** 0 to 1000. */
  permille: z.int(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  askedBy: z.object({ id: Id, name: z.string() }),
  askedAt: Instant,
  endedAt: Instant.nullable(),
});
export type Rendering = z.infer<typeof Rendering>;
export const RenderingList = z.object({ items: z.array(Rendering) });

/** An item's original and what was made of it, as far as the one who asks may see it. Parents come before children. */
export const Family = z.object({
  items: z.array(
    z.object({
      id: Id,
      title: z.string(),
      kind: EvidenceKind,
      /** Null for an original. */
      made: z
        .object({
          from: Id,
          kind: DerivativeKind,
          take: Take,
          fromMs: Ms,
          toMs: Ms.nullable(),
          by: z.object({ id: Id, name: z.string() }),
          at: Instant,
          /** Whether it was encoded anew: nothing from outside the range lies in it. */
          reencoded: z.boolean(),
          tool: z.string(),
        })
        .nullable(),
    }),
  ),
  /** There are more than are listed. */
  more: z.boolean(),
});
export type Family = z.infer<typeof Family>;

import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** What may need somebody's attention. Others join as capabilities arrive. */
export const todayKinds = [
  "uncategorised", // recorded or brought in by me, and nobody has said what it is
  "hold-review", // a hold of mine is to be reviewed, soon or already
  "upload-unfinished", // begun by me and not whole
  "incomplete", // of what I may see: not all of it arrived
  "not-playable", // its picture cannot be opened here
  "mention", // a note names me, and I have not read it
  "task", // of an incident or a case, and mine
  "share-ending", // made by me or, outside, given to me: it ends within days
  "job-failed", // work on the agency's items that was given up
  "recovery-sheet", // nobody could open what is stored if this machine were lost
] as const;
export const TodayKind = z.enum(todayKinds);
export type TodayKind = z.infer<typeof TodayKind>;

export const TodayRow = z.object({
  /** By which it is put aside. */
  key: z.string(),
  /** The item it is about. */
  evidenceId: Id.nullable(),
  /** The note on it. */
  markerId: Id.optional(),
  /** The incident or case whose task it is. */
  matter: z.object({ kind: z.enum(["incident", "case"]), id: Id }).optional(),
  taskId: Id.optional(),
  shareId: Id.optional(),
  /** What kind of work was given up. */
  job: z.string().optional(),
  title: z.string(),
  /** Who wrote it, or the number of what it belongs to. */
  by: z.string().nullable().optional(),
  /** Since when it waits. */
  at: Instant.nullable(),
  /** The last day for it, where there is one. */
  due: z.iso.date().nullable(),
});
export type TodayRow = z.infer<typeof TodayRow>;

export const TodayGroup = z.object({
  kind: TodayKind,
  /** How many wait, what was put aside left out; at most `TODAY_COUNTED`, and `capped` where there are more. */
  count: z.int(),
  capped: z.boolean(),
  rows: z.array(TodayRow),
});
export type TodayGroup = z.infer<typeof TodayGroup>;
export const TODAY_COUNTED = 100;

export const Today = z.object({ groups: z.array(TodayGroup), aside: z.int() });
export type Today = z.infer<typeof Today>;

export const PutAside = z.strictObject({
  keys: z.array(z.string().min(1).max(200)).min(1).max(200),
  /** Until then; null for good. */
  until: Instant.nullable(),
});
export type PutAside = z.infer<typeof PutAside>;
export const TakeBack = z.strictObject({
  /** Left out: everything that was put aside. */
  keys: z.array(z.string().min(1).max(200)).min(1).max(200).optional(),
});

import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** A calendar day of the agency's zone: 2027-02-18 */
export const Day = z.iso.date().refine((day) => day >= "1900-01-01", "A day since 1900");
/** PostgreSQL takes every character but this one. */
const noNul = /^[^\0]*$/u;
const Name = z.string().trim().min(1).max(100).regex(noNul);
const Reason = z.string().trim().min(1).max(1000).regex(noNul);
const Ids = z.array(Id).min(1).max(500);

export const RetentionPeriod = z.union([
  z.object({ count: z.int().min(1).max(36_500), unit: z.enum(["day", "month", "year"]) }),
  z.literal("indefinite"),
]);
export type RetentionPeriod = z.infer<typeof RetentionPeriod>;

/** Borough, precinct, watch, team: a tree. */
export const Unit = z.object({
  id: Id,
  name: z.string(),
  parentId: Id.nullable(),
  people: z.int(),
  createdAt: Instant,
  archivedAt: Instant.nullable(),
});
export type Unit = z.infer<typeof Unit>;
export const CreateUnit = z.object({ name: Name, parentId: Id.nullable().default(null) });
export const ChangeUnit = z.object({
  name: Name.optional(),
  parentId: Id.nullable().optional(),
  archived: z.boolean().optional(),
});

/** Items of a class are seen by its members alone. */
export const RestrictedClass = z.object({
  id: Id,
  name: z.string(),
  /** Whom to ask, shown to those who may not see. */
  contact: z.string(),
  members: z.array(z.object({ id: Id, name: z.string() })),
  archivedAt: Instant.nullable(),
});
export type RestrictedClass = z.infer<typeof RestrictedClass>;
export const CreateRestrictedClass = z.object({
  name: Name,
  contact: z.string().trim().max(200).regex(noNul).default(""),
});

export const ChangeRestrictedClass = z.object({
  name: Name.optional(),
  contact: z.string().trim().max(200).regex(noNul).optional(),
  archived: z.boolean().optional(),
});

/** What an item is; says how long it is kept. */
export const Category = z.object({
  id: Id,
  name: z.string(),
  keep: RetentionPeriod,
  /** Items that get this category become restricted to this class. */
  restrictedClassId: Id.nullable(),
  archivedAt: Instant.nullable(),
});
export type Category = z.infer<typeof Category>;
export const CreateCategory = z.object({
  name: Name,
  keep: RetentionPeriod,
  restrictedClassId: Id.nullable().default(null),
});
export const ChangeCategory = z.object({
  name: Name.optional(),
  keep: RetentionPeriod.optional(),
  restrictedClassId: Id.nullable().optional(),
  archived: z.boolean().optional(),
});

/** `dryRun` says what would happen and changes nothing. */
export const ClassifyEvidence = z.object({
  ids: Ids,
  add: z.array(Id).max(20).default([]),
  remove: z.array(Id).max(20).default([]),
  dryRun: z.boolean().default(false),
});
export type ClassifyEvidence = z.input<typeof ClassifyEvidence>;

const Standing = z.object({ categoryIds: z.array(Id), restrictedClassId: Id.nullable(), keepUntil: Day.nullable() });
export const ClassifyAnswer = z.object({
  /** Items that differ afterwards; undo is the opposite request for exactly these. */
  changed: z.array(z.object({ id: Id, title: z.string(), before: Standing, after: Standing })),
  unchanged: z.array(Id),
  /** Not there, or not yours. */
  missing: z.array(Id),
});
export type ClassifyAnswer = z.infer<typeof ClassifyAnswer>;

export const RestrictEvidence = z.object({
  ids: Ids,
  /** null: no longer restricted. */
  classId: Id.nullable(),
  reason: Reason,
  dryRun: z.boolean().default(false),
});
export type RestrictEvidence = z.input<typeof RestrictEvidence>;

export const Hold = z.object({
  id: Id,
  evidenceId: Id,
  reason: z.string(),
  owner: z.object({ id: Id, name: z.string() }),
  reviewOn: Day,
  placedBy: z.string().nullable(),
  placedAt: Instant,
  releasedBy: z.string().nullable(),
  releasedAt: Instant.nullable(),
  releaseReason: z.string().nullable(),
});
export type Hold = z.infer<typeof Hold>;
export const PlaceHold = z.object({
  evidenceIds: Ids,
  reason: Reason,
  ownerId: Id,
  reviewOn: Day,
});
export type PlaceHold = z.infer<typeof PlaceHold>;
export const PlacedHolds = z.object({
  placed: z.array(z.object({ holdId: Id, evidenceId: Id })),
  missing: z.array(Id),
});
export const ReleaseHolds = z.object({ holdIds: Ids, reason: Reason });
export const ReleasedHolds = z.object({ released: z.array(Id), missing: z.array(Id) });

/** How long one item is kept, and why: for the sentence on the evidence page. */
export const RetentionAnswer = z.object({
  keepUntil: Day.nullable(),
  disposableFrom: Instant.nullable(),
  clock: z.object({
    at: Instant,
    basis: z.enum(["captured", "received"]),
    because: z.enum([
      "captured-at-trusted-time",
      "capture-time-unknown",
      "capture-time-untrusted",
      "captured-after-received",
    ]),
  }),
  decidedBy: z.object({ id: Id, name: z.string() }).nullable(),
  keep: RetentionPeriod,
  /** The item this one was made from, where that is kept longer and this one with it. */
  follows: Id.nullable(),
  holds: z.array(Hold),
  /** The class that alone may see the item, and whom its members ask. */
  restricted: z.object({ id: Id, name: z.string(), contact: z.string() }).nullable(),
});
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;

import { z } from "zod";
import { Id, Instant } from "./evidence.ts";

/** tag and note are people's; trigger and mute come from cameras, snapshot stands where a still was made. */
export const MarkerKind = z.enum(["tag", "note", "trigger", "mute", "snapshot"]);
export type MarkerKind = z.infer<typeof MarkerKind>;

/** PostgreSQL takes every character but NUL, and half a character cannot be hashed. */
const text = (most: number): z.ZodString =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[^\0\p{Cs}]*$/u);
/** A week: no part of a recording is longer. */
const Ms = z.int().min(0).max(604_800_000);

/** Where a marker stands: a moment of one part's media time, or a range of it. */
export const MarkerPlace = z.object({
  take: z.int().min(0).max(32_767),
  fromMs: Ms,
  toMs: Ms.nullable().default(null),
});
export type MarkerPlace = z.infer<typeof MarkerPlace>;

const People = z.array(z.object({ id: Id, name: z.string() }));
export const Marker = z.object({
  id: Id,
  evidenceId: Id,
  kind: MarkerKind,
  /** Null: about the whole item. */
  place: MarkerPlace.nullable(),
  label: z.string(),
  note: z.string(),
  mentions: People,
  /** The still that was made here. */
  derivativeId: Id.nullable(),
  version: z.int(),
  createdBy: z.object({ id: Id, name: z.string() }),
  createdAt: Instant,
  changedAt: Instant.nullable(),
  removedAt: Instant.nullable(),
  /** Whether the one who asks may change or remove it. */
  mine: z.boolean(),
});
export type Marker = z.infer<typeof Marker>;

export const MarkerList = z.object({ items: z.array(Marker), next: z.string().nullable() });
export type MarkerList = z.infer<typeof MarkerList>;

const Label = text(100);
const Note = text(4000);
const Mentions = z.array(Id).max(20);
export const AddMarker = z.object({
  kind: z.enum(["tag", "note"]),
  place: MarkerPlace.nullable().default(null),
  label: Label.default(""),
  note: Note.default(""),
  /** People whom the note names; they find it in their inbox. */
  mentions: Mentions.default([]),
});
export type AddMarker = z.input<typeof AddMarker>;

/** What is left out stays. `removed: false` takes a removal back. */
export const ChangeMarker = z.object({
  place: MarkerPlace.nullable().optional(),
  label: Label.optional(),
  note: Note.optional(),
  mentions: Mentions.optional(),
  removed: z.boolean().optional(),
});
export type ChangeMarker = z.input<typeof ChangeMarker>;

/** Every state a marker had, newest first. */
export const MarkerHistory = z.object({
  items: z.array(
    z.object({
      version: z.int(),
      place: MarkerPlace.nullable(),
      label: z.string(),
      note: z.string(),
      removed: z.boolean(),
      by: z.object({ id: Id, name: z.string() }),
      at: Instant,
    }),
  ),
});

/** People who can see an item and may be named in a note on it. */
export const Mentionable = z.object({ items: People });

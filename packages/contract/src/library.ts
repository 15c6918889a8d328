import { z } from "zod";
import { EvidenceKind, EvidenceState, Id } from "./evidence.ts";
import { MarkerPlace } from "./markers.ts";

/** `a,b` in an address; an array from a program. */
function list<T extends z.ZodType>(item: T): z.ZodPreprocess<z.ZodArray<T>> {
  const split = (value: unknown): unknown =>
    typeof value === "string" ? value.split(",").filter((part) => part !== "") : value;
  return z.preprocess(split, z.array(item).min(1).max(50));
}
const words = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\0]*$/u);
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** What somebody may want to look at, whatever else an item is. */
export const Attention = z.enum([
  "uncategorised",
  "held",
  "restricted",
  "not-playable", // refused or failed: its picture cannot be opened here
  "incomplete",
  "live",
]);
export type Attention = z.infer<typeof Attention>;

/**
 * The library's filter, as it stands in an address: lists are separated by commas and mean "any of these", different
 * fields mean "and". A day is the agency's whole day.
 */
export const EvidenceFilter = z.object({
  /** Recorded (or, where that is unknown, received) from here on, and before there. */
  from: moment.optional(),
  to: moment.optional(),
  kind: list(EvidenceKind).optional(),
  state: list(EvidenceState).optional(),
  person: list(Id).optional(),
  device: list(Id).optional(),
  /** Units, those below included. */
  unit: list(Id).optional(),
  category: list(Id).optional(),
  is: list(Attention).optional(),
  /** What came with this share: for those who got it. */
  share: Id.optional(),
  minSeconds: z.coerce.number().int().min(0).max(1e8).optional(),
  maxSeconds: z.coerce.number().int().min(0).max(1e8).optional(),
  /** Place: west, south, east, north in degrees. A track that touches it counts; west may be greater than east. */
  bbox: z
    .string()
    .regex(/^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3}$/)
    .optional(),
  /** Of the incident with this number. */
  incident: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[^\0]*$/u)
    .optional(),
  /** Place: longitude, latitude and metres around it. */
  near: z
    .string()
    .regex(/^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?,\d{1,7}(\.\d+)?$/)
    .optional(),
  /** Place: the corners of a polygon, longitude and latitude in turn, 3 to 40 of them. */
  area: z
    .string()
    .max(1600)
    .regex(/^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?(,-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?){2,39}$/)
    .optional(),
  /** Every word in the title and the file's name, or every one in the same note or marker, for those who read them. */
  q: words.optional(),
});
export type EvidenceFilter = z.infer<typeof EvidenceFilter>;

/** The words of a search, and the items whose notes are asked. */
export const HitsQuery = z.object({
  q: words.min(1),
  ids: z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(Id).min(1).max(100)),
});

/** A line of a note around what was found in it; `match` is empty where it lies in a part that is not shown. */
export const NoteHit = z.object({
  evidenceId: Id,
  markerId: Id,
  /** Null: about the whole item. */
  place: MarkerPlace.nullable(),
  before: z.string(),
  match: z.string(),
  after: z.string(),
  /** So many notes more of the item were found; said with the last that is shown. */
  more: z.int(),
});
export type NoteHit = z.infer<typeof NoteHit>;
export const EvidenceHits = z.object({ items: z.array(NoteHit) });
export type EvidenceHits = z.infer<typeof EvidenceHits>;

export const facetNames = ["kind", "state", "category", "unit", "person", "device", "is"] as const;
export const FacetName = z.enum(facetNames);
export type FacetName = z.infer<typeof FacetName>;

/** Counts over the newest items of a filter; `capped` where there are more than were counted. */
export const EvidenceFacets = z.object({
  counted: z.int(),
  capped: z.boolean(),
  facets: z.record(FacetName, z.array(z.object({ value: z.string(), label: z.string().nullable(), count: z.int() }))),
});
export type EvidenceFacets = z.infer<typeof EvidenceFacets>;

/** What part of the map is asked for, as `bbox`, and in how many columns the items in it are gathered. */
export const MapQuery = EvidenceFilter.extend({
  view: z.string().regex(/^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3}$/),
  columns: z.coerce.number().int().min(2).max(40).default(16),
});

/** Items of one cell of the map; alone in it, an item is named. */
export const MapCell = z.object({
  lon: z.number(),
  lat: z.number(),
  count: z.int(),
  west: z.number(),
  south: z.number(),
  east: z.number(),
  north: z.number(),
  evidence: z.object({ id: Id, title: z.string() }).nullable(),
});
export type MapCell = z.infer<typeof MapCell>;

/** Over the newest items of a filter that lie in view; `capped` where there are more than were counted. */
export const EvidenceMap = z.object({ cells: z.array(MapCell), counted: z.int(), capped: z.boolean() });
export type EvidenceMap = z.infer<typeof EvidenceMap>;

import { z } from "zod";
import { Day } from "./classification.ts";
import { EventKind } from "./event-kinds.ts";
import { EvidenceKind, EvidenceState, Id, Instant } from "./evidence.ts";

/** PostgreSQL takes every character but this one. */
const noNul = /^[^\0]*$/u;
const text = (most: number): z.ZodString => z.string().trim().max(most).regex(noNul);
const words = (most: number): z.ZodString => text(most).min(1);
const At = z.iso.datetime({ offset: true }).refine((at) => at >= "1900" && at < "2200", "A time of these centuries");

/** As dispatch, the report or the prosecutor calls it: 26-004118. */
export const MatterNumber = words(60);
/** Who was there and as what, in words: nobody here needs a sign-in. */
export const Involved = z.object({ role: words(60), name: words(120) });
export const OutcomeKind = z.enum([
  "none",
  "warning",
  "citation",
  "arrest",
  "force",
  "complaint",
  "charge",
  "plea",
  "dismissal",
  "verdict",
]);
export type OutcomeKind = z.infer<typeof OutcomeKind>;
export const Outcome = z.object({ kind: OutcomeKind, on: Day.nullable().default(null), words: text(500).default("") });

const Named = z.object({ id: Id, name: z.string() });
const Latitude = z.number().min(-90).max(90);
const Longitude = z.number().min(-180).max(180);

const facts = {
  number: MatterNumber,
  kind: text(100).default(""),
  place: text(300).default(""),
  lat: Latitude.nullable().default(null),
  lon: Longitude.nullable().default(null),
  from: At.nullable().default(null),
  to: At.nullable().default(null),
  people: z.array(Involved).max(50).default([]),
  outcomes: z.array(Outcome).max(30).default([]),
  /** Whose supervisors see it; left out, that of who makes it. */
  unitId: Id.nullable().optional(),
};
export const CreateIncident = z.object(facts);
export type CreateIncident = z.input<typeof CreateIncident>;
/** What is left out stays. */
export const ChangeIncident = z.object({
  number: MatterNumber.optional(),
  kind: text(100).optional(),
  place: text(300).optional(),
  lat: Latitude.nullable().optional(),
  lon: Longitude.nullable().optional(),
  from: At.nullable().optional(),
  to: At.nullable().optional(),
  people: z.array(Involved).max(50).optional(),
  outcomes: z.array(Outcome).max(30).optional(),
  unitId: Id.nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
});
export type ChangeIncident = z.input<typeof ChangeIncident>;

/** One event in the world. Counts are of what the asker may see. */
export const Incident = z.object({
  id: Id,
  number: z.string(),
  kind: z.string(),
  place: z.string(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  from: Instant.nullable(),
  to: Instant.nullable(),
  people: z.array(Involved),
  outcomes: z.array(Outcome),
  unit: Named.nullable(),
  state: z.enum(["open", "closed"]),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  evidence: z.int(),
  openTasks: z.int(),
});
export type Incident = z.infer<typeof Incident>;
export const IncidentList = z.object({ items: z.array(Incident), next: z.string().nullable() });
export type IncidentList = z.infer<typeof IncidentList>;

const page = { limit: z.coerce.number().int().min(1).max(200).default(50), next: z.string().max(200).optional() };
export const MatterFilter = z.object({
  /** Text in the number, the kind or the place (of a case: its title). */
  q: text(100).optional(),
  state: z.enum(["open", "closed"]).optional(),
  ...page,
});
export type MatterFilter = z.input<typeof MatterFilter>;
export const MatterPage = z.object(page);

/** How an item came to an incident. */
export const AddedHow = z.enum(["hand", "number", "suggested", "call"]);
export type AddedHow = z.infer<typeof AddedHow>;

/** An item as an incident or a case lists it. */
export const MatterItem = z.object({
  id: Id,
  title: z.string(),
  kind: EvidenceKind,
  state: EvidenceState,
  recordedAt: Instant.nullable(),
  receivedAt: Instant,
  durationMs: z.int().nullable(),
  person: Named.nullable(),
  device: Named.nullable(),
  how: AddedHow.nullable(),
  addedBy: z.string().nullable(),
  addedAt: Instant,
  /** False: whoever added it does not see the incident; adding it again confirms it. */
  confirmed: z.boolean(),
});
export type MatterItem = z.infer<typeof MatterItem>;
export const MatterItems = z.object({ items: z.array(MatterItem), next: z.string().nullable() });

const Ids = z.array(Id).min(1).max(500);
export const AddToIncident = z.object({
  ids: Ids,
  how: z.enum(["hand", "suggested"]).default("hand"),
  dryRun: z.boolean().default(false),
});
/** By number: an incident that is not there yet is made. */
export const GiveIncident = z.object({ ids: Ids, number: MatterNumber, dryRun: z.boolean().default(false) });
export type GiveIncident = z.input<typeof GiveIncident>;
export const TakeFromIncident = z.object({ ids: Ids });
export const MembershipAnswer = z.object({
  /** Null where it is not there yet, or not yours to see. */
  matter: z.object({ id: Id.nullable(), number: z.string() }),
  /** Those that joined or left: undo is the opposite request for exactly these. */
  changed: z.array(z.object({ id: Id, title: z.string() })),
  unchanged: z.array(Id),
  /** Not there, or not yours. */
  missing: z.array(Id),
});
export type MembershipAnswer = z.infer<typeof MembershipAnswer>;

export const SuggestionReason = z.enum(["time", "wearer", "unit", "place"]);
export type SuggestionReason = z.infer<typeof SuggestionReason>;
/** Items that may belong to an incident, the likeliest first. */
export const Suggestions = z.object({
  items: z.array(
    z.object({
      id: Id,
      title: z.string(),
      kind: EvidenceKind,
      recordedAt: Instant,
      durationMs: z.int().nullable(),
      person: Named.nullable(),
      unit: Named.nullable(),
      reasons: z.array(SuggestionReason),
    }),
  ),
});
export type Suggestions = z.infer<typeof Suggestions>;

/** Incidents that an item belongs to, as far as the asker sees them. */
export const IncidentsOfItem = z.object({
  items: z.array(z.object({ id: Id, number: z.string(), kind: z.string(), how: AddedHow })),
});

export const WriteNote = z.object({ words: words(4000) });
export const Note = z.object({ id: Id, words: z.string(), author: z.string().nullable(), at: Instant });
export type Note = z.infer<typeof Note>;
export const Notes = z.object({ items: z.array(Note), next: z.string().nullable() });

export const CreateTask = z.object({
  words: words(500),
  ownerId: Id.nullable().default(null),
  dueOn: Day.nullable().default(null),
});
export const ChangeTask = z.object({
  words: words(500).optional(),
  ownerId: Id.nullable().optional(),
  dueOn: Day.nullable().optional(),
  done: z.boolean().optional(),
});
export const Task = z.object({
  id: Id,
  words: z.string(),
  owner: Named.nullable(),
  dueOn: Day.nullable(),
  doneAt: Instant.nullable(),
  doneBy: z.string().nullable(),
  createdAt: Instant,
});
export type Task = z.infer<typeof Task>;
export const Tasks = z.object({ items: z.array(Task) });

/** What happened, oldest first: footage when it was recorded, papers when they were written. */
export const TimelineEntry = z.object({
  at: Instant,
  kind: z.enum(["evidence", "note", "event"]),
  id: Id,
  /** A title, a note's text; of an event its sentence in English. */
  words: z.string(),
  by: z.string().nullable(),
  /** Of an event: what its sentence is made of, for other languages. */
  event: z
    .object({
      kind: EventKind,
      actor: z.enum(["person", "device", "service"]),
      reason: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    })
    .optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;
export const Timeline = z.object({ items: z.array(TimelineEntry), next: z.string().nullable() });

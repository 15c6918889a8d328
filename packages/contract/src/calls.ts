import { z } from "zod";
import { EvidenceKind, Id, Instant } from "./evidence.ts";
import { MatterNumber } from "./incidents.ts";

const noNul = /^[^\0]*$/u;
const text = (most: number): z.ZodString => z.string().trim().max(most).regex(noNul);
const At = z.iso.datetime({ offset: true }).refine((at) => at >= "1900" && at < "2200", "A time of these centuries");
const Named = z.object({ id: Id, name: z.string() });
const moment = z.union([At, z.iso.date()]);

/** A call as dispatch has it. What is left out is empty: the sender says the whole call each time. */
export const PutCall = z.object({
  kind: text(100).default(""),
  place: text(300).default(""),
  lat: z.number().min(-90).max(90).nullable().default(null),
  lon: z.number().min(-180).max(180).nullable().default(null),
  /** Dispatched, and cleared. */
  from: At,
  to: At,
  /** Who answered. */
  badges: z.array(text(40).min(1)).max(100).default([]),
});
export type PutCall = z.input<typeof PutCall>;
export const CallNumber = MatterNumber;
export const CallPut = z.object({ id: Id, number: z.string(), outcome: z.enum(["added", "changed", "unchanged"]) });
export type CallPut = z.infer<typeof CallPut>;

/**
 * How a call stands with its footage, as far as the asker may see: `ambiguous` before `missing` before `right`
 * (found, nobody has accepted it yet); then `unseen` (footage that is not theirs to see), `accepted`, `settled`
 * (somebody said that none is expected), `nobody` (no unit answered).
 */
export const callStates = ["ambiguous", "missing", "right", "unseen", "accepted", "settled", "nobody"] as const;
export const CallState = z.enum(callStates);
export type CallState = z.infer<typeof CallState>;
export const ResponderState = CallState.exclude(["nobody"]);
export type ResponderState = z.infer<typeof ResponderState>;

/** Why footage is, or is not surely, this call's. */
export const MatchReason = z.enum([
  "badge", // its wearer answered the call
  "time", // recorded while the call lasted
  "margin", // recorded shortly before or after it
  "other-call", // its wearer was on another call then, too
  "several-wearers", // its camera was in several hands
  "by-hand",
]);
export type MatchReason = z.infer<typeof MatchReason>;

export const CallItem = z.object({
  id: Id,
  title: z.string(),
  kind: EvidenceKind,
  recordedAt: Instant,
  durationMs: z.int().nullable(),
  person: Named.nullable(),
  state: z.enum(["right", "ambiguous", "accepted", "refused"]),
  reasons: z.array(MatchReason),
  badges: z.array(z.string()),
  otherCalls: z.array(z.object({ id: Id, number: z.string() })),
});
export type CallItem = z.infer<typeof CallItem>;

export const Responder = z.object({
  badge: z.string(),
  /** Whose badge it was when the call came; null: nobody's here. */
  person: Named.nullable(),
  state: ResponderState,
  /** Why no footage is expected. */
  reason: z.string().nullable(),
  settledBy: z.string().nullable(),
});
export type Responder = z.infer<typeof Responder>;

export const Call = z.object({
  id: Id,
  number: z.string(),
  kind: z.string(),
  place: z.string(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  from: Instant,
  to: Instant,
  state: CallState,
  responders: z.array(Responder),
  items: z.array(CallItem),
  /** As far as the asker sees it. */
  incident: z.object({ id: Id, number: z.string() }).nullable(),
  version: z.int(),
});
export type Call = z.infer<typeof Call>;
/** `next` without items: looked far and found none yet; there may be more. */
export const CallList = z.object({ items: z.array(Call), next: z.string().nullable() });
export type CallList = z.infer<typeof CallList>;

/** What a call said before it was changed. */
export const CallVersion = z.object({
  version: z.int(),
  kind: z.string(),
  place: z.string(),
  from: Instant,
  to: Instant,
  badges: z.array(z.string()),
  at: Instant,
  by: z.string().nullable(),
});
export const CallPage = z.object({
  call: Call,
  versions: z.array(CallVersion),
  margins: z.object({ beforeMinutes: z.int(), afterMinutes: z.int() }),
});
export type CallPage = z.infer<typeof CallPage>;

export const CallFilter = z.object({
  /** Calls that touch these days or times. */
  from: moment.optional(),
  to: moment.optional(),
  state: CallState.optional(),
  /** Text in the number, the kind, the place or a badge. */
  q: text(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  next: z.string().max(200).optional(),
});
export type CallFilter = z.input<typeof CallFilter>;

const Ids = z.array(Id).min(1).max(100);
/** Accepts what is surely right, for many calls at once. What is ambiguous is left for a person to look at. */
export const AcceptCalls = z.object({ ids: Ids, dryRun: z.boolean().default(false) });
export const DecideItems = z.object({ evidenceIds: Ids });
/** From the call in the address to another. */
export const MoveItems = DecideItems.extend({ to: Id });
/** No footage is expected: of these badges, or of all that have none. */
export const SettleCalls = z.object({
  ids: Ids,
  badge: text(40).min(1).optional(),
  reason: text(500).min(1),
});
export const UnsettleCalls = z.object({ ids: Ids, badge: text(40).min(1).optional() });
/** What was changed: undo is the opposite request for exactly these. */
export const CallsChanged = z.object({
  changed: z.array(z.object({ callId: Id, number: z.string(), evidenceIds: z.array(Id), badges: z.array(z.string()) })),
  /** Calls where there was nothing to do, and calls that are not there or not the asker's. */
  unchanged: z.array(Id),
  missing: z.array(Id),
});
export type CallsChanged = z.infer<typeof CallsChanged>;
/** By number, or by the call's own number where none is given: an incident that is not there is made from the call. */
export const CallToIncident = z.object({ number: MatterNumber.optional() });
export const CallIncident = z.object({
  /** Null: it is there, and not the asker's to see. */
  incident: z.object({ id: Id.nullable(), number: z.string() }),
  made: z.boolean(),
  added: z.int(),
});
export type CallIncident = z.infer<typeof CallIncident>;

export const CallsOfItem = z.object({
  items: z.array(
    z.object({
      id: Id,
      number: z.string(),
      kind: z.string(),
      from: Instant,
      state: z.enum(["right", "ambiguous", "accepted"]),
    }),
  ),
});
export type CallsOfItem = z.infer<typeof CallsOfItem>;

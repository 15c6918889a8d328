import { type Audience, audienceOf, type EventKind, type Role, sealedKinds, type SubjectKind } from "@sworn/contract";
import { type ActorKind, canonicalJson, commitEvent, type CustodyEvent, type JsonObject, toHex } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";

/** Events of the log itself belong to no agency; row-level security shows them under this one only. */
export const LOG_AGENCY = "00000000-0000-0000-0000-000000000000";
export const LOG_SUBJECT = { kind: "log", id: LOG_AGENCY } as const;
/** Stands for the server itself where an event names who acted. */
export const SERVICE_ID = LOG_AGENCY;

/** What a capability says happened; number, previous event, salt and software are `append`'s business. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
  /** Who acted: a random id, since a name could never be taken back. Null: the server itself. */
  readonly actorId: string | null;
  /** `person` where an id is given, when left out; see `actorOf`. */
  readonly actorKind?: ActorKind;
  /** For whom somebody acted, under which delegation: stands in the details of the event. */
  readonly behalf?: { readonly delegationId: string; readonly personId: string };
  /** The side they read for; the agency when left out. Kept only with kinds that are sealed. */
  readonly audience?: Audience;
  /** When it happened; now, by the server's clock, when left out. Give `at` and `time` together or neither. */
  readonly at?: string;
  readonly time?: CustodyEvent["time"];
  readonly reason?: string | null;
  /** Named SHA-256 values, lower-case hex. */
  readonly hashes?: Readonly<Record<string, string>>;
  /** Integers, texts, lists, objects; no fractions. Names of people and places stay out. */
  readonly details?: JsonObject;
}

/** How the one who asks stands in events: a camera by its key, a program by its key, a person. */
export function actorOf(principal: {
  readonly kind: "person" | "key";
  readonly actorId: string;
  readonly deviceId: string | null;
  readonly roles: readonly Role[];
  readonly behalf?: NewEvent["behalf"];
}): Pick<NewEvent, "actorId" | "actorKind" | "audience" | "behalf"> {
  const audience = audienceOf(principal.roles);
  const { behalf } = principal;
  if (principal.kind === "person")
    return { actorId: principal.actorId, actorKind: "person", audience, ...(behalf === undefined ? {} : { behalf }) };
  return { actorId: principal.actorId, actorKind: principal.deviceId === null ? "service" : "device", audience };
}

/** What else an event is about: an item, an incident of a case, a case of an incident, a call. */
export function namedIn(
  { details }: Pick<CustodyEvent, "details">,
  names: readonly ("evidence" | "incident" | "case" | "call")[] = ["evidence", "incident", "case", "call"],
): string[] {
  return names.flatMap((name) => {
    const id = details?.[name];
    return typeof id === "string" ? [id] : [];
  });
}

/** For whom an event was done, under a delegation. */
export function behalfOf({ details }: Pick<CustodyEvent, "details">): string | null {
  const id = details?.["onBehalfOf"];
  return typeof id === "string" ? id : null;
}

/** Who did it, as a sentence says it: both names where somebody acted for another one. */
export function doneBy(event: CustodyEvent, name: string | null, names: ReadonlyMap<string, string>): string | null {
  const behalf = behalfOf(event);
  return behalf === null || name === null ? name : `${name} (for ${names.get(behalf) ?? "somebody"})`;
}

/** The last event of the same subject. */
export interface Previous {
  readonly n: number;
  readonly commitment: Uint8Array;
}

/** For whom alone an event's text opens; null: for everybody who may read the history. */
export function sealedFor({ kind, audience }: Pick<NewEvent, "kind" | "audience">): Audience | null {
  return sealedKinds.includes(kind) ? (audience ?? "agency") : null;
}

/** A server whose clock is kept by NTP is well within this; nothing better is claimed. */
const SERVER_CLOCK: CustodyEvent["time"] = { source: "server", uncertaintyMs: 1000 };

/** Puts an event into its subject's chain. Refuses (CoreError `event-…`) what format version 1 does not allow. */
export function chainEvent(
  event: NewEvent,
  previous: Previous | null,
  facts: { now: number; salt: Uint8Array; software: string },
): { event: CustodyEvent; text: string; commitment: Uint8Array } {
  const audience = sealedFor(event);
  // In the event as well as in its row: `sworn check` holds one against the other.
  const sealed = audience === null ? event.details : { ...event.details, audience };
  const { behalf } = event;
  const details =
    behalf === undefined ? sealed : { ...sealed, delegation: behalf.delegationId, onBehalfOf: behalf.personId };
  const chained: CustodyEvent = {
    v: 1,
    kind: event.kind,
    subject: { kind: event.subject.kind, id: event.subject.id },
    n: previous === null ? 0 : previous.n + 1,
    prev: previous === null ? null : toHex(previous.commitment),
    actor: {
      kind: event.actorKind ?? (event.actorId === null ? "service" : "person"),
      id: event.actorId ?? SERVICE_ID,
    },
    at: event.at ?? new Date(facts.now).toISOString(),
    time: event.time ?? SERVER_CLOCK,
    reason: event.reason ?? null,
    hashes: { ...event.hashes },
    software: facts.software,
    ...(details === undefined ? {} : { details }),
  };
  const commitment = commitEvent(chained, facts.salt, nodeSha256);
  return { event: chained, text: canonicalJson(chained, { integersOnly: true }), commitment };
}

const QUARTER_HOUR = 15 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;

/** Start of the quarter hour: watching again within it is the same viewing. */
export function quarterHourOf(now: number): Date {
  return new Date(Math.floor(now / QUARTER_HOUR) * QUARTER_HOUR);
}

/** Start of the day, in UTC: looking at the pictures again on the same day is the same look. */
export function dayOf(now: number): Date {
  return new Date(Math.floor(now / DAY) * DAY);
}

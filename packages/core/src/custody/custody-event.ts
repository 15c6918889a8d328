import type { JsonObject } from "../json/json-value.ts";

/** What an event is about. `log` is the log itself: heartbeats, key rotation. */
export const SUBJECT_KINDS = [
  "evidence",
  "incident",
  "case",
  "call",
  "request",
  "person",
  "device",
  "agency",
  "log",
] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Who acted; the id is random and its name lives outside the log. `service` is the system itself. */
export const ACTOR_KINDS = ["person", "device", "service", "public"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Where the time of an event comes from; `declared` was stated by a person. */
export const TIME_SOURCES = ["server", "ntp", "gnss", "device", "declared"] as const;
export type TimeSource = (typeof TIME_SOURCES)[number];

/** One custody event, format version 1. It is committed to in its canonical form (RFC 8785); the log holds only that commitment. */
export type CustodyEvent = {
  v: 1;
  /** Dotted lower-case words, such as `evidence.admitted`. */
  kind: string;
  subject: { kind: SubjectKind; id: string };
  /** Counts the events of this subject from 0, so that a disclosed history shows its holes. */
  n: number;
  /** Commitment (64 hex digits) of the subject's previous event; null exactly when n is 0. */
  prev: string | null;
  actor: { kind: ActorKind; id: string };
  /** RFC 3339, UTC, milliseconds: `2026-11-20T12:00:00.000Z`. */
  at: string;
  time: { source: TimeSource; uncertaintyMs: number };
  reason: string | null;
  /** Named SHA-256 values (64 hex digits): of the subject's bytes, of roots, of documents. */
  hashes: { readonly [name: string]: string };
  /** Name and version of the software that wrote the event. */
  software: string;
  /** What else this kind of event says: integers, strings, lists, objects. Left out when there is nothing. */
  details?: JsonObject;
};

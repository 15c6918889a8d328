import { randomBytes, randomUUID } from "node:crypto";
import { eventKinds, subjectKinds } from "@sworn/contract";
import { SALT_LENGTH } from "@sworn/core";
import { sql } from "kysely";

import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import { LogError } from "./log-error.ts";
import { chainEvent, dayOf, type NewEvent, quarterHourOf, sealedFor } from "./rules.ts";

export interface AppendDeps {
  readonly clock: Clock;
  /** Name and version, as it stands in every event. */
  readonly software: string;
}

export interface Appended {
  readonly id: string;
  readonly n: number;
  readonly commitment: Uint8Array;
}

/**
 * The one door for events: the only function that writes into the log's tables. It takes part in the caller's
 * transaction, so the change and its event commit together or not at all. Appends to one subject wait for
 * each other until that transaction ends: append late in it.
 *
 * @param agencyId the agency the transaction was opened for
 * @throws CoreError `event-…` when the event is not of format version 1
 */
export async function append(tx: Tx, deps: AppendDeps, agencyId: string, newEvent: NewEvent): Promise<Appended> {
  await lockSubject(tx, newEvent.subject);
  return await appendNext(tx, deps, agencyId, newEvent);
}

/**
 * For reading (viewed, downloaded, custody read): one event per actor, subject, kind and quarter of an hour.
 *
 * @returns null when this quarter hour has it already
 */
export async function appendOncePerQuarterHour(
  tx: Tx,
  deps: AppendDeps,
  agencyId: string,
  newEvent: NewEvent,
): Promise<Appended | null> {
  return await appendOnceSince(tx, deps, agencyId, newEvent, quarterHourOf(deps.clock.now()));
}

/**
 * For looking through the pictures of an item (previewed): one event per actor, subject, kind and day (UTC).
 *
 * @returns null when this day has it already
 */
export async function appendOncePerDay(
  tx: Tx,
  deps: AppendDeps,
  agencyId: string,
  newEvent: NewEvent,
): Promise<Appended | null> {
  return await appendOnceSince(tx, deps, agencyId, newEvent, dayOf(deps.clock.now()));
}

async function appendOnceSince(
  tx: Tx,
  deps: AppendDeps,
  agencyId: string,
  newEvent: NewEvent,
  since: Date,
): Promise<Appended | null> {
  const { subject, kind, actorId, behalf } = newEvent;
  // As oneself and for somebody else are two readings.
  const mark = `%"delegation":"${behalf?.delegationId ?? ""}%`;
  const recorded = (): Promise<unknown> =>
    tx
      .selectFrom("custody.entry")
      .innerJoin("custody.event_body", "custody.event_body.entry_id", "custody.entry.id")
      .select("custody.entry.id")
      .where("subject_kind", "=", subject.kind)
      .where("subject_id", "=", subject.id)
      .where("kind", "=", kind)
      .where("actor_id", actorId === null ? "is" : "=", actorId)
      .where("at", ">=", since)
      .where("event", behalf === undefined ? "not like" : "like", mark)
      .limit(1)
      .executeTakeFirst();
  // Asked first without the lock: a player sends hundreds of range requests, and all but one end here.
  if ((await recorded()) !== undefined) return null;
  await lockSubject(tx, subject);
  if ((await recorded()) !== undefined) return null;
  return await appendNext(tx, deps, agencyId, newEvent);
}

/** A statement of its own: the next one must see what the former holder of the lock committed. */
async function lockSubject(tx: Tx, subject: NewEvent["subject"]): Promise<void> {
  const name = `custody ${subject.kind} ${subject.id}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

async function appendNext(tx: Tx, deps: AppendDeps, agencyId: string, newEvent: NewEvent): Promise<Appended> {
  assertKnown(newEvent);
  const { subject } = newEvent;
  const last = await tx
    .selectFrom("custody.entry")
    .select(["n", "commitment"])
    .where("subject_kind", "=", subject.kind)
    .where("subject_id", "=", subject.id)
    .orderBy("n", "desc")
    .limit(1)
    .executeTakeFirst();
  const salt = randomBytes(SALT_LENGTH);
  const now = deps.clock.now();
  const { event, text, commitment } = chainEvent(newEvent, last ?? null, { now, salt, software: deps.software });
  const id = randomUUID();
  try {
    await sql`
      with entry as (
        insert into custody.entry (id, agency_id, subject_kind, subject_id, n, prev, commitment, kind, actor_id, at, audience)
        values (${id}, ${agencyId}, ${subject.kind}, ${subject.id}, ${event.n}, ${last?.commitment ?? null},
                ${Buffer.from(commitment)}, ${event.kind}, ${newEvent.actorId}, ${event.at},
                ${sealedFor(newEvent)})
      ), body as (
        insert into custody.event_body (entry_id, agency_id, event, salt) values (${id}, ${agencyId}, ${text}, ${salt})
      )
      insert into custody.pending (commitment) values (${Buffer.from(commitment)})`.execute(tx);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Only where a subject belongs to another agency, or the transaction reads an old snapshot.
    throw new LogError("append-conflict", `${subject.kind} ${subject.id} already has an event ${event.n}.`, error);
  }
  return { id, n: event.n, commitment };
}

function assertKnown({ kind, subject }: NewEvent): void {
  // The types say so already; this door is also reached from values that came out of a database or a queue.
  if (!eventKinds.includes(kind)) throw new TypeError(`There is no event kind ${kind}.`);
  if (!subjectKinds.includes(subject.kind)) throw new TypeError(`There is no subject kind ${subject.kind}.`);
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}

import { type Attention, EvidenceFilter } from "@sworn/contract";
import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import type { Tables } from "../../ports/tables.ts";
import { isOutside, lockedOut, visibleCall, visibleIncident } from "../access/index.ts";
import { matchText } from "./match-text.ts";
import { placeOf } from "./place.ts";

export const Filter = EvidenceFilter.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Begin with this day and go back from there, without a filter: how far down a list of millions is reached. */
  at: z.iso.date().optional(),
  /** Where the last page ended: what it answered as `next`. */
  next: z.string().max(200).optional(),
});

export type Condition = (eb: ExpressionBuilder<Tables, "sworn.evidence">) => Expression<SqlBool>;

/** When an item happened, as the library orders it. */
export const byTime = sql<Date>`sworn.evidence.happened_at`;

/** As constants and not as parameters: each has a partial index of its own. */
export const attention: Readonly<Record<Attention, RawBuilder<SqlBool>>> = {
  uncategorised: sql`categories = 0`,
  held: sql`holds > 0`,
  restricted: sql`restricted_class_id is not null`,
  "not-playable": sql`media_state in ('refused', 'failed')`,
  incomplete: sql`state = 'incomplete'`,
  live: sql`state = 'live'`,
};

/** What a query looks for, and how. */
export interface Sought {
  readonly meets: Condition;
  /** Whether each part of what somebody may see is read by itself. Not where the filter finds little by an index of its own. */
  readonly byParts: boolean;
}

export async function soughtOf(tx: Tx, principal: Principal, filter: EvidenceFilter): Promise<Sought> {
  const { person, device, incident, share, bbox, near, area } = filter;
  const byParts = [person, device, incident, share, bbox, near, area].every((field) => field === undefined);
  return { meets: await conditionOf(tx, principal, filter), byParts };
}

/** The filter as a condition. Asks the database for what it needs to know first: the zone, the units below. */
export async function conditionOf(tx: Tx, principal: Principal, filter: EvidenceFilter): Promise<Condition> {
  // A filter that finds little reads far: it must not keep a connection from those who send footage.
  await sql`set local statement_timeout = '8s'`.execute(tx);
  const zone = filter.from === undefined && filter.to === undefined ? "UTC" : await readZone(tx);
  const from = filter.from === undefined ? null : momentOf(filter.from, zone, "start");
  const to = filter.to === undefined ? null : momentOf(filter.to, zone, "end");
  const units = filter.unit === undefined ? null : await unitsBelow(tx, filter.unit);
  const incident = filter.incident;
  const text = filter.q === undefined || filter.q === "" ? null : await matchText(tx, principal, filter.q);
  const place = placeOf(filter);
  // The way is part of what a lock keeps from somebody: nothing of it is to be found by drawing closer and closer.
  const locked = place === null ? null : await lockedOut(tx, principal);
  return (eb) => {
    const all: Expression<SqlBool>[] = [];
    if (from !== null) all.push(sql<SqlBool>`${byTime} >= ${from}`);
    if (to !== null) all.push(sql<SqlBool>`${byTime} < ${to}`);
    if (filter.kind !== undefined) all.push(eb("kind", "in", filter.kind));
    if (filter.state !== undefined) all.push(eb("state", "in", filter.state));
    if (filter.person !== undefined) all.push(eb("person_id", "in", filter.person));
    if (filter.device !== undefined) all.push(eb("device_id", "in", filter.device));
    if (units !== null) all.push(units.length === 0 ? eb.lit(false) : eb("unit_id", "in", units));
    if (filter.category !== undefined) all.push(inCategory(eb, filter.category));
    if (incident !== undefined) all.push(inIncident(eb, principal, incident));
    if (filter.share !== undefined) all.push(cameWith(eb, principal, filter.share));
    if (filter.is !== undefined) all.push(eb.or(filter.is.map((name) => attention[name])));
    if (filter.minSeconds !== undefined) all.push(eb("duration_ms", ">=", filter.minSeconds * 1000));
    if (filter.maxSeconds !== undefined) all.push(eb("duration_ms", "<=", filter.maxSeconds * 1000));
    if (text !== null) all.push(text);
    if (place !== null) all.push(sql<SqlBool>`sworn.evidence.id in (${place})`);
    if (locked !== null) all.push(eb.not(locked));
    return eb.and(all);
  };
}

/** Outside, only a share with them; inside, whoever may know of shares at all. */
function cameWith(
  eb: ExpressionBuilder<Tables, "sworn.evidence">,
  principal: Principal,
  share: string,
): Expression<SqlBool> {
  const known = isOutside(principal) ? (principal.scope?.shares ?? []).includes(share) : may(principal, "share.list");
  if (!known) return eb.lit(false);
  return eb.exists(
    eb
      .selectFrom("sworn.share_item")
      .select("sworn.share_item.share_id")
      .whereRef("sworn.share_item.evidence_id", "=", "sworn.evidence.id")
      .where("sworn.share_item.share_id", "=", share),
  );
}

function inCategory(
  eb: ExpressionBuilder<Tables, "sworn.evidence">,
  categories: readonly string[],
): Expression<SqlBool> {
  return eb.exists(
    eb
      .selectFrom("sworn.evidence_category")
      .select("category_id")
      .whereRef("sworn.evidence_category.evidence_id", "=", "sworn.evidence.id")
      .where("category_id", "in", categories),
  );
}

/** By the incident's number, or the call's as dispatch has it. One that this principal does not see has no items. */
function inIncident(
  eb: ExpressionBuilder<Tables, "sworn.evidence">,
  principal: Principal,
  number: string,
): Expression<SqlBool> {
  const members = eb
    .selectFrom("sworn.incident")
    .innerJoin("sworn.incident_evidence as m", "m.incident_id", "sworn.incident.id")
    .select("m.evidence_id")
    .where("sworn.incident.number", "=", number)
    .where(visibleIncident(principal));
  const accepted = eb
    .selectFrom("sworn.call")
    .innerJoin("sworn.call_evidence as a", "a.call_id", "sworn.call.id")
    .select("a.evidence_id")
    .where("sworn.call.number", "=", number)
    .where("a.state", "=", "accepted")
    .where(visibleCall(principal));
  return eb("sworn.evidence.id", "in", members.union(accepted));
}

export async function readZone(tx: Tx): Promise<string> {
  const agency = await tx.selectFrom("sworn.agency").select("time_zone").executeTakeFirst();
  return agency?.time_zone ?? "UTC";
}

/** A day means all of it, in the agency's zone: `to` 2026-11-20 includes the 20th. */
export function momentOf(text: string, zone: string, edge: "start" | "end"): Date {
  if (text.includes("T")) return new Date(text);
  const day = Temporal.PlainDate.from(text);
  const begins = (edge === "start" ? day : day.add({ days: 1 })).toZonedDateTime(zone);
  return new Date(begins.epochMilliseconds);
}

async function unitsBelow(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select u.id from sworn.unit u where u.id = any(${ids}::uuid[])
      union select u.id from sworn.unit u join below b on u.parent_id = b.id)
    select id from below`.execute(tx);
  return rows.map(({ id }) => id);
}

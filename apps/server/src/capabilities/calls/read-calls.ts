import { type CallFilter, type CallList, type CallPage, type CallsOfItem, Problem } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { CallTable } from "../../ports/matter-tables.ts";
import { assertVisible, visibleCall } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { likeOf } from "../incidents/index.ts";
import { fromCursor, momentOf, toCursor } from "../library/index.ts";
import { CallFacts } from "./facts.ts";
import { describeCalls, readMargins } from "./load-matches.ts";

type Row = Selectable<CallTable>;

/** Calls that are matched at a time, and those that one page looks at to find a state. */
const BATCH = 100;
const LOOKED_AT = 500;
const VERSIONS = 50;

/** A page of the calls that this principal may see, newest first. A state is asked of each: a page may come back short. */
export async function listCalls(tx: Tx, principal: Principal, filter: z.output<typeof CallFilter>): Promise<CallList> {
  await sql`set local statement_timeout = '8s'`.execute(tx);
  const zone = (await tx.selectFrom("sworn.agency").select("time_zone").executeTakeFirst())?.time_zone ?? "UTC";
  const items: CallList["items"] = [];
  let place = filter.next === undefined ? null : fromCursor(filter.next);
  for (let looked = 0; ;) {
    const want = filter.state === undefined ? filter.limit : BATCH;
    const rows = await readPage(tx, principal, filter, zone, place, want + 1);
    const page = rows.slice(0, want);
    for (const [at, call] of (await describeCalls(tx, principal, page)).entries()) {
      if (filter.state !== undefined && call.state !== filter.state) continue;
      items.push(call);
      const row = page[at];
      const more = at + 1 < page.length || rows.length > want;
      if (items.length === filter.limit && row !== undefined) return { items, next: more ? cursorOf(row) : null };
    }
    looked += page.length;
    const last = page.at(-1);
    if (rows.length <= want || last === undefined) return { items, next: null };
    if (looked >= LOOKED_AT) return { items, next: cursorOf(last) };
    place = { at: last.from_at, id: last.id };
  }
}

const cursorOf = (row: Row): string => toCursor({ at: row.from_at, id: row.id });

async function readPage(
  tx: Tx,
  principal: Principal,
  filter: z.output<typeof CallFilter>,
  zone: string,
  place: { readonly at: Date; readonly id: string } | null,
  limit: number,
): Promise<Row[]> {
  let query = tx.selectFrom("sworn.call").selectAll().where(visibleCall(principal));
  if (filter.from !== undefined) query = query.where("to_at", ">=", momentOf(filter.from, zone, "start"));
  if (filter.to !== undefined) query = query.where("from_at", "<", momentOf(filter.to, zone, "end"));
  if (filter.q !== undefined && filter.q !== "") {
    const like = likeOf(filter.q);
    query = query.where(sql<SqlBool>`((number || ' ' || kind || ' ' || place) ilike ${like} or exists (
      select from sworn.call_response r where r.call_id = sworn.call.id and r.badge ilike ${like}))`);
  }
  if (place !== null) query = query.where(sql<SqlBool>`(from_at, id) < (${place.at}, ${place.id}::uuid)`);
  return await query.orderBy("from_at", "desc").orderBy("id", "desc").limit(limit).execute();
}

/** `not-found` where it is not there or not theirs. */
export async function readCall(tx: Tx, principal: Principal, id: string): Promise<CallPage> {
  const rows = await tx
    .selectFrom("sworn.call")
    .selectAll()
    .where("id", "=", id)
    .where(visibleCall(principal))
    .execute();
  const [call] = await describeCalls(tx, principal, rows);
  if (call === undefined) throw new Problem("not-found");
  const versions = await tx
    .selectFrom("sworn.call_version")
    .selectAll()
    .where("call_id", "=", id)
    .orderBy("version", "desc")
    .limit(VERSIONS)
    .execute();
  const names = await actorNames(tx, [...new Set(versions.map((row) => row.written_by))]);
  return {
    call,
    margins: await readMargins(tx),
    versions: versions.flatMap((row) => {
      const facts = CallFacts.safeParse(row.facts).data;
      if (facts === undefined) return [];
      const { kind, place, from, to, answered } = facts;
      const badges = answered.map(({ badge }) => badge);
      const at = row.written_at.toISOString();
      return { version: row.version, kind, place, from, to, badges, at, by: names.get(row.written_by) ?? null };
    }),
  };
}

/** Calls that an item shows, and those that it may show, as far as this principal sees them. */
export async function callsOfItem(
  tx: Tx,
  principal: Principal,
  evidenceId: string,
): Promise<z.output<typeof CallsOfItem>["items"]> {
  await assertVisible(tx, principal, evidenceId);
  const { rows: near } = await sql<{ id: string }>`
    select m.call_id as id from sworn.call_evidence m where m.evidence_id = ${evidenceId} and m.state = 'accepted'
    union
    select c.id from sworn.evidence e join sworn.agency a on a.id = e.agency_id
      join sworn.call_response r on r.person_id = e.person_id or r.person_id in (
        select s.person_id from sworn.assignment s where s.device_id = e.device_id and s.withdrawn_at is null
          and s.from_at < e.happened_at + make_interval(secs => coalesce(e.duration_ms, 0) / 1000.0)
          and coalesce(s.to_at, 'infinity') > e.happened_at)
      join sworn.call c on c.id = r.call_id
        and c.from_at <= e.happened_at + make_interval(secs => coalesce(e.duration_ms, 0) / 1000.0, mins => a.call_before_minutes)
        and c.to_at >= e.happened_at - make_interval(mins => a.call_after_minutes)
      where e.id = ${evidenceId}
    limit 200`.execute(tx);
  if (near.length === 0) return [];
  const rows = await tx
    .selectFrom("sworn.call")
    .selectAll()
    .where(
      "id",
      "in",
      near.map(({ id }) => id),
    )
    .where(visibleCall(principal))
    .orderBy("from_at")
    .orderBy("id")
    .limit(50)
    .execute();
  return (await describeCalls(tx, principal, rows)).flatMap((call) => {
    const item = call.items.find(({ id }) => id === evidenceId);
    if (item === undefined || item.state === "refused") return [];
    return { id: call.id, number: call.number, kind: call.kind, from: call.from, state: item.state };
  });
}

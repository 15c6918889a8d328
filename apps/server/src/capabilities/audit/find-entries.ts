import { audienceOf, type AuditFilter, eventKinds, kindsOf } from "@sworn/contract";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { reachesAll, visibleEvidence } from "../access/index.ts";
import { momentOf } from "../library/index.ts";
import type { Place } from "./place.ts";

/** An entry of the log as it is stored, with its text where that still exists. */
export interface Entry {
  readonly id: string;
  readonly n: number;
  readonly kind: string;
  readonly at: Date;
  readonly actor_id: string | null;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly commitment: Uint8Array;
  readonly event: string | null;
  readonly index: number | null;
}

/**
 * Entries of this filter, newest first, at most `limit`, older than `after`. Read along the index that picks fewest:
 * the subjects' own chains, then those of who acted, then the kinds, else the agency's time.
 */
export async function findEntries(
  tx: Tx,
  principal: Principal,
  filter: AuditFilter,
  page: { readonly after: Place | null; readonly limit: number },
): Promise<Entry[]> {
  await sql`set local statement_timeout = '8s'`.execute(tx);
  const zone = await readZone(tx);
  const kinds = wantedKinds(filter);
  const rest = sql.join(
    [
      sql<SqlBool>`e.agency_id = ${principal.agencyId}`,
      ...(filter.from === undefined ? [] : [sql<SqlBool>`e.at >= ${momentOf(filter.from, zone, "start")}`]),
      ...(filter.to === undefined ? [] : [sql<SqlBool>`e.at < ${momentOf(filter.to, zone, "end")}`]),
      ...(page.after === null
        ? []
        : [sql<SqlBool>`(e.at, e.n, e.id) < (${page.after.at}, ${page.after.n}::int8, ${page.after.id}::uuid)`]),
      ...(kinds === null ? [] : [sql<SqlBool>`e.kind = any(${kinds}::text[])`]),
      ...(filter.actor === undefined ? [] : [sql<SqlBool>`e.actor_id = any(${filter.actor}::uuid[])`]),
      ...(filter.subject === undefined ? [] : [sql<SqlBool>`e.subject_id = any(${filter.subject}::uuid[])`]),
      ...(filter.device === undefined ? [] : [await ofDevices(tx, filter.device)]),
      openTo(principal),
      mayKnow(tx, principal),
    ],
    sql` and `,
  );
  const found = candidates(filter, kinds, rest, page.limit);
  const { rows } = await sql<Entry>`
    select e.id, e.n, e.kind, e.at, e.actor_id, e.subject_kind, e.subject_id, e.commitment, b.event, l.index
    from (select c.id from (${found}) c order by c.at desc, c.n desc, c.id desc limit ${page.limit}) f
    join custody.entry e on e.id = f.id
    left join custody.event_body b on b.entry_id = e.id
    left join custody.leaf l on l.commitment = e.commitment
    order by e.at desc, e.n desc, e.id desc`.execute(tx);
  return rows;
}

function wantedKinds(filter: AuditFilter): string[] | null {
  if (filter.did === undefined && filter.kind === undefined) return null;
  const did = filter.did === undefined ? eventKinds : kindsOf(filter.did);
  return did.filter((kind) => filter.kind?.includes(kind) ?? true);
}

/** One index each; a list is read value by value, so that each part comes in order and ends at the limit. */
function candidates(
  filter: AuditFilter,
  kinds: readonly string[] | null,
  rest: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  if (filter.subject !== undefined || filter.device !== undefined)
    return sql`select e.id, e.at, e.n from custody.entry e where ${rest}`;
  const each = (values: readonly string[], type: "uuid" | "text", column: "actor_id" | "kind"): RawBuilder<unknown> =>
    sql`select p.id, p.at, p.n from unnest(${[...new Set(values)]}::${sql.raw(type)}[]) as v(x) cross join lateral (
      select e.id, e.at, e.n from custody.entry e where e.${sql.raw(column)} = v.x and ${rest}
      order by e.at desc, e.n desc, e.id desc limit ${limit}) p`;
  if (filter.actor !== undefined) return each(filter.actor, "uuid", "actor_id");
  // Most kinds together are most entries: along the time the page is full at once.
  if (kinds !== null && kinds.length <= eventKinds.length / 2) return each(kinds, "text", "kind");
  return sql`select e.id, e.at, e.n from custody.entry e where ${rest} order by e.at desc, e.n desc, e.id desc limit ${limit}`;
}

/** More items of a camera than this are not looked at; the newest are. */
const MOST_ITEMS = 5000;

/** What happened to cameras and to what they recorded, and what they did with their keys. */
async function ofDevices(tx: Tx, devices: readonly string[]): Promise<RawBuilder<SqlBool>> {
  const { rows } = await sql<{ id: string; acts: boolean }>`
    select id, true as acts from sworn.api_key where device_id = any(${devices}::uuid[])
    union all select id, false from (select id from sworn.evidence where device_id = any(${devices}::uuid[])
      order by happened_at desc, id desc limit ${MOST_ITEMS}) item`.execute(tx);
  const ids = (acts: boolean): string[] => rows.filter((row) => row.acts === acts).map(({ id }) => id);
  return sql<SqlBool>`e.id in (
    select d.id from custody.entry d where d.subject_kind = 'device' and d.subject_id = any(${devices}::uuid[])
    union all select d.id from unnest(${ids(false)}::uuid[]) as item(id)
      join custody.entry d on d.subject_kind = 'evidence' and d.subject_id = item.id
    union all select d.id from custody.entry d where d.actor_id = any(${ids(true)}::uuid[]))`;
}

/**
 * What another side watched is in no page and no count here: a filter by person, kind or time would tell of it. That
 * there are such entries an item's own history says, which counts them (decision 015).
 */
function openTo({ roles }: Principal): RawBuilder<SqlBool> {
  return sql<SqlBool>`(e.audience is null or e.audience = ${audienceOf(roles)})`;
}

/**
 * What is about an item that the reader may not see is not there. Entries of what never became an item (an upload that
 * was cancelled) are for those who see the whole agency. A value, not `exists`: that would be answered by reading every
 * item of the agency once.
 */
function mayKnow(tx: Tx, principal: Principal): RawBuilder<SqlBool> {
  const seen = tx
    .selectFrom("sworn.evidence")
    .select((eb) => sql<boolean>`${visibleEvidence(principal)(eb)}`.as("seen"))
    .where(sql<SqlBool>`sworn.evidence.id = e.subject_id`);
  // Whoever sees the whole agency sees its incidents and cases; nobody else audits today.
  if (!reachesAll(principal))
    return sql<SqlBool>`e.subject_kind not in ('incident', 'case') and (e.subject_kind <> 'evidence' or coalesce((${seen}), false))`;
  return sql<SqlBool>`(e.subject_kind <> 'evidence' or coalesce((${seen}), true))`;
}

export async function readZone(tx: Tx): Promise<string> {
  const agency = await tx.selectFrom("sworn.agency").select("time_zone").executeTakeFirst();
  return agency?.time_zone ?? "UTC";
}

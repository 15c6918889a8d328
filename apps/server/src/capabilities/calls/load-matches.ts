import type { Call, EvidenceKind } from "@sworn/contract";
import { type Selectable, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { CallTable } from "../../ports/matter-tables.ts";
import { reachesWearer, visibleCall, visibleEvidence, visibleIncident } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { type Decision, type Footage, type Margins, matchCall, type OtherCall } from "./rules.ts";

type Row = Selectable<CallTable>;

/** A recording that began longer before a call than this is not looked for. */
const LONGEST_MS = 16 * 3_600_000;
const MOST_ITEMS = 5000;
const byTime = sql<Date>`sworn.evidence.happened_at`;

interface ItemRow {
  readonly id: string;
  readonly title: string;
  readonly kind: EvidenceKind;
  readonly at: Date;
  readonly durationMs: number | null;
  readonly personId: string | null;
  readonly deviceId: string | null;
}

export async function readMargins(tx: Tx): Promise<{ beforeMinutes: number; afterMinutes: number }> {
  const row = await tx
    .selectFrom("sworn.agency")
    .select(["call_before_minutes as beforeMinutes", "call_after_minutes as afterMinutes"])
    .executeTakeFirst();
  return row ?? { beforeMinutes: 15, afterMinutes: 30 };
}

/** Calls as the API shows them, each matched with what this principal may see, now. */
export async function describeCalls(tx: Tx, principal: Principal, rows: readonly Row[]): Promise<Call[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const { beforeMinutes, afterMinutes } = await readMargins(tx);
  const margins: Margins = { beforeMs: beforeMinutes * 60_000, afterMs: afterMinutes * 60_000 };
  const responses = await tx
    .selectFrom("sworn.call_response")
    .selectAll()
    .where("call_id", "in", ids)
    .orderBy("call_id")
    .orderBy("badge")
    .execute();
  const near = await itemsNear(tx, principal, ids, margins);
  const decided = await itemsDecided(tx, principal, ids);
  const items = new Map([...near, ...decided].map((item) => [item.id, item]));
  const wearers = await wearersOf(tx, [...items.values()]);
  const footage = [...items.values()].map((item): Footage => ({
    id: item.id,
    fromMs: item.at.getTime(),
    toMs: item.at.getTime() + (item.durationMs ?? 0),
    wearers: wearers.get(item.id) ?? [],
  }));
  const others = await otherCalls(tx, principal, footage, margins);
  const decisions = await readDecisions(
    tx,
    footage.map(({ id }) => id),
  );
  const numbers = new Map(others.map(({ id, number }) => [id, number]));
  const incidents = await incidentsOf(tx, principal, rows);
  const names = await actorNames(tx, [
    ...new Set([
      ...responses.flatMap((row) => [row.person_id ?? [], row.settled_by ?? []].flat()),
      ...[...items.values()].flatMap(({ personId }) => personId ?? []),
    ]),
  ]);
  const named = (id: string | null): { id: string; name: string } | null =>
    id === null ? null : { id, name: names.get(id) ?? "" };
  const answered = Map.groupBy(responses, (row) => row.call_id);
  return rows.map((row): Call => {
    const own = answered.get(row.id) ?? [];
    const facts = {
      id: row.id,
      fromMs: row.from_at.getTime(),
      toMs: row.to_at.getTime(),
      responders: own.map((one) => ({
        badge: one.badge,
        personId: one.person_id,
        reached: reachesWearer(principal, { personId: one.person_id, unitId: one.unit_id }),
        settled: one.settled_by !== null,
      })),
    };
    const match = matchCall(facts, footage, others, decisions, margins);
    const states = new Map(match.responders.map(({ badge, state }) => [badge, state]));
    return {
      id: row.id,
      number: row.number,
      kind: row.kind,
      place: row.place,
      lat: row.lat,
      lon: row.lon,
      from: row.from_at.toISOString(),
      to: row.to_at.toISOString(),
      state: match.state,
      responders: own.map((one) => ({
        badge: one.badge,
        person: named(one.person_id),
        state: states.get(one.badge) ?? "missing",
        reason: one.reason,
        settledBy: named(one.settled_by)?.name ?? null,
      })),
      items: match.items.flatMap((item) => {
        const of = items.get(item.id);
        if (of === undefined) return [];
        const { title, kind, durationMs } = of;
        return {
          id: item.id,
          title,
          kind,
          durationMs,
          state: item.state,
          recordedAt: of.at.toISOString(),
          person: named(of.personId),
          reasons: [...item.reasons],
          badges: [...item.badges],
          otherCalls: item.otherCalls.map((id) => ({ id, number: numbers.get(id) ?? "" })),
        };
      }),
      incident: row.incident_id === null ? null : (incidents.get(row.incident_id) ?? null),
      version: row.version,
    };
  });
}

const columns = [
  "sworn.evidence.id",
  "sworn.evidence.title",
  "sworn.evidence.kind",
  byTime.as("at"),
  "sworn.evidence.duration_ms as durationMs",
  "sworn.evidence.person_id as personId",
  "sworn.evidence.device_id as deviceId",
] as const;

/** Recordings of those who answered, or of cameras they had in hand, around the time of their calls. */
async function itemsNear(tx: Tx, principal: Principal, ids: readonly string[], margins: Margins): Promise<ItemRow[]> {
  const before = sql`make_interval(secs => ${(margins.beforeMs + LONGEST_MS) / 1000})`;
  const after = sql`make_interval(secs => ${margins.afterMs / 1000})`;
  const ends = sql`${byTime} + make_interval(secs => coalesce(sworn.evidence.duration_ms, 0) / 1000.0)`;
  const pool = sql<string>`(
    select e.id from sworn.call c join sworn.call_response r on r.call_id = c.id
      join sworn.evidence e on e.person_id = r.person_id
        and e.happened_at between c.from_at - ${before} and c.to_at + ${after}
      where c.id = any(${[...ids]}::uuid[])
    union
    select e.id from sworn.call c join sworn.call_response r on r.call_id = c.id
      join sworn.assignment a on a.person_id = r.person_id and a.withdrawn_at is null
        and a.from_at <= c.to_at + ${after} and coalesce(a.to_at, 'infinity') >= c.from_at - ${before}
      join sworn.evidence e on e.device_id = a.device_id
        and e.happened_at between c.from_at - ${before} and c.to_at + ${after}
      where c.id = any(${[...ids]}::uuid[]))`;
  return await tx
    .selectFrom("sworn.evidence")
    .select(columns)
    .where((eb) => eb("sworn.evidence.id", "in", pool))
    .where("sworn.evidence.kind", "!=", "document")
    .where("sworn.evidence.state", "!=", "disposed")
    // What was made from an item is found through it.
    .where(sql<boolean>`not exists (select from sworn.derivation d where d.evidence_id = sworn.evidence.id)`)
    .where(sql<boolean>`${ends} >= (select min(c.from_at) from sworn.call c where c.id = any(${[...ids]}::uuid[]))
      - make_interval(secs => ${margins.beforeMs / 1000})`)
    .where(visibleEvidence(principal))
    .orderBy(byTime)
    .limit(MOST_ITEMS)
    .execute();
}

/** What people said of these calls, wherever in time it lies. */
async function itemsDecided(tx: Tx, principal: Principal, ids: readonly string[]): Promise<ItemRow[]> {
  return await tx
    .selectFrom("sworn.evidence")
    .innerJoin("sworn.call_evidence as m", "m.evidence_id", "sworn.evidence.id")
    .select(columns)
    .where("m.call_id", "in", ids)
    .where(visibleEvidence(principal))
    .limit(MOST_ITEMS)
    .execute();
}

/** Whose each item is, and in whose hands its camera was while it recorded. */
async function wearersOf(tx: Tx, items: readonly ItemRow[]): Promise<Map<string, string[]>> {
  const found = new Map(items.map(({ id, personId }) => [id, new Set(personId === null ? [] : [personId])]));
  const withCamera = items.filter(({ deviceId }) => deviceId !== null).map(({ id }) => id);
  if (withCamera.length > 0) {
    const { rows } = await sql<{ id: string; person: string }>`
      select e.id, a.person_id as person from sworn.evidence e
      join sworn.assignment a on a.device_id = e.device_id and a.withdrawn_at is null
        and a.from_at < e.happened_at + make_interval(secs => coalesce(e.duration_ms, 0) / 1000.0)
        and coalesce(a.to_at, 'infinity') > e.happened_at
      where e.id = any(${withCamera}::uuid[])`.execute(tx);
    for (const { id, person } of rows) found.get(id)?.add(person);
  }
  return new Map([...found].map(([id, people]) => [id, [...people].toSorted()]));
}

/** Every call, as far as this principal sees it, that these people answered around the time of this footage. */
async function otherCalls(
  tx: Tx,
  principal: Principal,
  footage: readonly Footage[],
  margins: Margins,
): Promise<(OtherCall & { readonly number: string })[]> {
  const people = [...new Set(footage.flatMap(({ wearers }) => wearers))];
  if (people.length === 0) return [];
  const from = new Date(Math.min(...footage.map(({ fromMs }) => fromMs)) - margins.afterMs);
  const to = new Date(Math.max(...footage.map(({ toMs }) => toMs)) + margins.beforeMs);
  const rows = await tx
    .selectFrom("sworn.call")
    .innerJoin("sworn.call_response as r", "r.call_id", "sworn.call.id")
    .select(["sworn.call.id", "sworn.call.number", "sworn.call.from_at", "sworn.call.to_at", "r.person_id"])
    .where("r.person_id", "in", people)
    .where("sworn.call.from_at", "<=", to)
    .where("sworn.call.to_at", ">=", from)
    .where(visibleCall(principal))
    .orderBy("sworn.call.id")
    .limit(MOST_ITEMS)
    .execute();
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((of) => {
    const [call] = of;
    if (call === undefined) return [];
    const personIds = of.flatMap(({ person_id }) => person_id ?? []);
    const { id, number, from_at, to_at } = call;
    return { id, number, fromMs: from_at.getTime(), toMs: to_at.getTime(), personIds };
  });
}

async function readDecisions(tx: Tx, evidenceIds: readonly string[]): Promise<Decision[]> {
  if (evidenceIds.length === 0) return [];
  return await tx
    .selectFrom("sworn.call_evidence")
    .select(["call_id as callId", "evidence_id as evidenceId", "state"])
    .where("evidence_id", "in", evidenceIds)
    .execute();
}

async function incidentsOf(
  tx: Tx,
  principal: Principal,
  rows: readonly Row[],
): Promise<Map<string, { id: string; number: string }>> {
  const ids = [...new Set(rows.flatMap((row) => row.incident_id ?? []))];
  if (ids.length === 0) return new Map();
  const found = await tx
    .selectFrom("sworn.incident")
    .select(["id", "number"])
    .where("id", "in", ids)
    .where(visibleIncident(principal))
    .execute();
  return new Map(found.map((row) => [row.id, row]));
}

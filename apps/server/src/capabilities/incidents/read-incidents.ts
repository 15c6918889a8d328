import { type Incident, type IncidentList, type MatterFilter, Problem } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { IncidentTable } from "../../ports/matter-tables.ts";
import { visibleEvidence, visibleIncident } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";
import { outcomesOf, peopleOf } from "./facts.ts";

type Row = Selectable<IncidentTable>;

/** When an incident was, as lists order it. */
const byTime = sql<Date>`coalesce(sworn.incident.from_at, sworn.incident.created_at)`;

/** A page of the incidents that this principal may see, newest first. */
export async function listIncidents(
  tx: Tx,
  principal: Principal,
  { q, state, limit, next }: z.output<typeof MatterFilter>,
): Promise<IncidentList> {
  await sql`set local statement_timeout = '8s'`.execute(tx);
  let query = tx.selectFrom("sworn.incident").selectAll().where(visibleIncident(principal));
  if (state !== undefined) query = query.where("state", "=", state);
  if (q !== undefined && q !== "")
    query = query.where(sql<SqlBool>`(number || ' ' || kind || ' ' || place) ilike ${likeOf(q)}`);
  if (next !== undefined) {
    const { at, id } = fromCursor(next);
    query = query.where(sql<SqlBool>`(${byTime}, id) < (${at}, ${id}::uuid)`);
  }
  const rows = await query
    .orderBy(byTime, "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await describeIncidents(tx, principal, page),
    next: last === undefined ? null : toCursor({ at: last.from_at ?? last.created_at, id: last.id }),
  };
}

/** Wildcards of the sender's are letters here. */
export const likeOf = (q: string): string => `%${q.replaceAll(/[\\%_]/g, "\\$&")}%`;

export async function readIncident(tx: Tx, principal: Principal, id: string): Promise<Incident> {
  const rows = await tx
    .selectFrom("sworn.incident")
    .selectAll()
    .where("id", "=", id)
    .where(visibleIncident(principal))
    .execute();
  const [found] = await describeIncidents(tx, principal, rows);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

/** Rows as the API shows them. Counts are of what this principal may see. */
export async function describeIncidents(tx: Tx, principal: Principal, rows: readonly Row[]): Promise<Incident[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const items = await tx
    .selectFrom("sworn.evidence")
    .innerJoin("sworn.incident_evidence", "sworn.incident_evidence.evidence_id", "sworn.evidence.id")
    .select((eb) => ["sworn.incident_evidence.incident_id as id", eb.fn.countAll<number>().as("count")])
    .where("sworn.incident_evidence.incident_id", "in", ids)
    .where(visibleEvidence(principal))
    .groupBy("sworn.incident_evidence.incident_id")
    .execute();
  const tasks = await tx
    .selectFrom("sworn.matter_task")
    .select((eb) => ["incident_id as id", eb.fn.countAll<number>().as("count")])
    .where("incident_id", "in", ids)
    .where("done_at", "is", null)
    .groupBy("incident_id")
    .execute();
  const [itemsOf, tasksOf] = [countsById(items), countsById(tasks)];
  const names = await actorNames(tx, [...new Set(rows.map((row) => row.created_by))]);
  const units = await unitNames(
    tx,
    rows.map((row) => row.unit_id),
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    kind: row.kind,
    place: row.place,
    lat: row.lat,
    lon: row.lon,
    from: row.from_at?.toISOString() ?? null,
    to: row.to_at?.toISOString() ?? null,
    people: peopleOf(row.people),
    outcomes: outcomesOf(row.outcomes),
    unit: row.unit_id === null ? null : { id: row.unit_id, name: units.get(row.unit_id) ?? "" },
    state: row.state,
    createdBy: names.get(row.created_by) ?? null,
    createdAt: row.created_at.toISOString(),
    evidence: itemsOf.get(row.id) ?? 0,
    openTasks: tasksOf.get(row.id) ?? 0,
  }));
}

export function countsById(
  rows: readonly { readonly id: string | null; readonly count: number }[],
): Map<string, number> {
  return new Map(rows.flatMap(({ id, count }) => (id === null ? [] : [[id, count]])));
}

export async function unitNames(tx: Tx, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  if (known.length === 0) return new Map();
  const rows = await tx.selectFrom("sworn.unit").select(["id", "name"]).where("id", "in", known).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** At most as many as a case may have. */
export async function listIncidentsOfCase(tx: Tx, principal: Principal, caseId: string): Promise<Incident[]> {
  const rows = await tx
    .selectFrom("sworn.incident")
    .innerJoin("sworn.case_incident as ci", "ci.incident_id", "sworn.incident.id")
    .selectAll("sworn.incident")
    .where("ci.case_id", "=", caseId)
    .where(visibleIncident(principal))
    .orderBy(byTime)
    .orderBy("sworn.incident.id")
    .limit(500)
    .execute();
  return await describeIncidents(tx, principal, rows);
}

import { type Case, type CaseList, type MatterFilter, Problem } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { CaseFileTable } from "../../ports/matter-tables.ts";
import { visibleCase, visibleEvidence, visibleIncident } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { countsById, likeOf, peopleOf, unitNames } from "../incidents/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";

type Row = Selectable<CaseFileTable>;

/** A page of the cases that this principal may see, newest first. */
export async function listCases(
  tx: Tx,
  principal: Principal,
  { q, state, limit, next }: z.output<typeof MatterFilter>,
): Promise<CaseList> {
  await sql`set local statement_timeout = '8s'`.execute(tx);
  let query = tx.selectFrom("sworn.case_file").selectAll().where(visibleCase(principal));
  if (state !== undefined) query = query.where("state", "=", state);
  if (q !== undefined && q !== "") query = query.where(sql<SqlBool>`(number || ' ' || title) ilike ${likeOf(q)}`);
  if (next !== undefined) {
    const { at, id } = fromCursor(next);
    query = query.where(sql<SqlBool>`(created_at, id) < (${at}, ${id}::uuid)`);
  }
  const rows = await query
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await describeCases(tx, principal, page),
    next: last === undefined ? null : toCursor({ at: last.created_at, id: last.id }),
  };
}

export async function readCase(tx: Tx, principal: Principal, id: string): Promise<Case> {
  const rows = await tx
    .selectFrom("sworn.case_file")
    .selectAll()
    .where("id", "=", id)
    .where(visibleCase(principal))
    .execute();
  const [found] = await describeCases(tx, principal, rows);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

async function describeCases(tx: Tx, principal: Principal, rows: readonly Row[]): Promise<Case[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const incidents = await tx
    .selectFrom("sworn.incident")
    .innerJoin("sworn.case_incident as ci", "ci.incident_id", "sworn.incident.id")
    .select((eb) => ["ci.case_id as id", eb.fn.countAll<number>().as("count")])
    .where("ci.case_id", "in", ids)
    .where(visibleIncident(principal))
    .groupBy("ci.case_id")
    .execute();
  const members = sql<{ case_id: string; evidence_id: string }>`(
    select c.case_id, c.evidence_id from sworn.case_evidence c where c.case_id = any(${ids}::uuid[])
    union select ci.case_id, m.evidence_id from sworn.case_incident ci
      join sworn.incident_evidence m on m.incident_id = ci.incident_id and m.opens
      where ci.case_id = any(${ids}::uuid[]))`.as<"m">(sql.ref("m"));
  const items = await tx
    .selectFrom("sworn.evidence")
    .innerJoin(members, "m.evidence_id", "sworn.evidence.id")
    .select((eb) => ["m.case_id as id", eb.fn.countAll<number>().as("count")])
    .where(visibleEvidence(principal))
    .groupBy("m.case_id")
    .execute();
  const tasks = await tx
    .selectFrom("sworn.matter_task")
    .select((eb) => ["case_id as id", eb.fn.countAll<number>().as("count")])
    .where("case_id", "in", ids)
    .where("done_at", "is", null)
    .groupBy("case_id")
    .execute();
  const [incidentsOf, itemsOf, tasksOf] = [countsById(incidents), countsById(items), countsById(tasks)];
  const names = await actorNames(tx, [...new Set(rows.map((row) => row.created_by))]);
  const units = await unitNames(
    tx,
    rows.map((row) => row.unit_id),
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    title: row.title,
    people: peopleOf(row.people),
    unit: row.unit_id === null ? null : { id: row.unit_id, name: units.get(row.unit_id) ?? "" },
    state: row.state,
    createdBy: names.get(row.created_by) ?? null,
    createdAt: row.created_at.toISOString(),
    incidents: incidentsOf.get(row.id) ?? 0,
    evidence: itemsOf.get(row.id) ?? 0,
    openTasks: tasksOf.get(row.id) ?? 0,
  }));
}

import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import { assertSeesCase } from "../access/index.ts";
import type { Matter } from "../incidents/index.ts";

/**
 * A query of the ids of everything that a case gathers, each once, whoever asks: its own items and those of its
 * incidents, but for those that wait to be confirmed there. For `where("sworn.evidence.id", "in", …)` and the like.
 */
export const evidenceOfCase = (id: string): RawBuilder<string> => sql<string>`(
  select c.evidence_id from sworn.case_evidence c where c.case_id = ${id}
  union select m.evidence_id from sworn.case_incident ci
    join sworn.incident_evidence m on m.incident_id = ci.incident_id and m.opens where ci.case_id = ${id})`;

/** The same as a list, for an event that names them. */
export async function listEvidenceOfCase(tx: Tx, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select found.evidence_id as id from ${evidenceOfCase(id)} found order by 1`.execute(tx);
  return rows.map((row) => row.id);
}

export const caseMatter: Matter = {
  kind: "case",
  path: "/api/v1/cases",
  read: "case.list",
  write: "case.manage",
  assertSees: assertSeesCase,
  itemsOf: (id) => sql`
    select distinct on (evidence_id) evidence_id, how, added_by, added_at, opens from (
      select evidence_id, null as how, added_by, added_at, true as opens, 0 as far
      from sworn.case_evidence where case_id = ${id}
      union all
      select m.evidence_id, m.how, m.added_by, m.added_at, m.opens, 1
      from sworn.case_incident ci join sworn.incident_evidence m on m.incident_id = ci.incident_id and m.opens
      where ci.case_id = ${id}) found
    order by evidence_id, far, added_at`,
};

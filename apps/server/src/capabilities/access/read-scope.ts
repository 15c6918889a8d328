import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Scope } from "../../ports/http.ts";

/**
 * How far a person's roles reach now: their unit with all below it, and the restricted classes they belong to. A key
 * stands for no person: it reaches the whole agency and no restricted class.
 */
export async function readScope(tx: Tx, personId: string | null): Promise<Scope> {
  if (personId === null) return { units: "all", classes: [] };
  const { rows } = await sql<{ unit_id: string | null; units: string[]; classes: string[] }>`
    with recursive below as (
      select u.id from sworn.unit u join sworn.person p on p.unit_id = u.id where p.id = ${personId}
      union select u.id from sworn.unit u join below b on u.parent_id = b.id)
    select p.unit_id, array(select id from below) as units,
           array(select class_id from sworn.restricted_member m where m.person_id = p.id) as classes
    from sworn.person p where p.id = ${personId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { units: [], classes: [] };
  return { units: row.unit_id === null ? "all" : row.units, classes: row.classes };
}

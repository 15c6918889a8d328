import { outsideRoles } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Scope } from "../../ports/http.ts";

/**
 * How far a person's roles reach now: their unit with all below it, the restricted classes they belong to, the shares
 * with them that hold. A key stands for no person: it reaches the whole agency, no restricted class and no share.
 */
export async function readScope(tx: Tx, personId: string | null, now = Date.now()): Promise<Scope> {
  if (personId === null) return { units: "all", classes: [] };
  const { rows } = await sql<{ unit_id: string | null; units: string[]; classes: string[]; shares: string[] }>`
    with recursive below as (
      select u.id from sworn.unit u join sworn.person p on p.unit_id = u.id where p.id = ${personId}
      union select u.id from sworn.unit u join below b on u.parent_id = b.id)
    select p.unit_id, array(select id from below) as units,
           array(select class_id from sworn.restricted_member m where m.person_id = p.id) as classes,
           array(select s.id from sworn.share s join sworn.share_person w on w.share_id = s.id
                 where w.person_id = p.id and s.revoked_at is null and s.expires_at > ${new Date(now)}
                   and p.roles && ${[...outsideRoles]}::text[]) as shares
    from sworn.person p where p.id = ${personId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { units: [], classes: [] };
  return { units: row.unit_id === null ? "all" : row.units, classes: row.classes, shares: row.shares };
}

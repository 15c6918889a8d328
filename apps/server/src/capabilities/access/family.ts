import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";

export interface Descent {
  readonly id: string;
  readonly sourceId: string;
}

/** All that was made from these items, and from that again: whoever must not see the one must not see the other. */
export async function descendantsOf(tx: Tx, ids: readonly string[]): Promise<Descent[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Descent>`
    with recursive made as (
      select d.evidence_id, d.source_id from sworn.derivation d where d.source_id = any(${[...ids]}::uuid[])
      union select d.evidence_id, d.source_id from sworn.derivation d join made m on d.source_id = m.evidence_id)
    select evidence_id as "id", source_id as "sourceId" from made order by 1`.execute(tx);
  return rows;
}

/** What these items were made from, up to the originals. */
export async function ancestorsOf(tx: Tx, ids: readonly string[]): Promise<Descent[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Descent>`
    with recursive source as (
      select d.evidence_id, d.source_id from sworn.derivation d where d.evidence_id = any(${[...ids]}::uuid[])
      union select d.evidence_id, d.source_id from sworn.derivation d join source s on d.evidence_id = s.source_id)
    select evidence_id as "id", source_id as "sourceId" from source order by 1`.execute(tx);
  return rows;
}

import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { Spool } from "../../ports/spool.ts";

/** Takes of one agency that have fragments in this node's spool, with what decides whether they are due. */
export interface SpooledTake {
  readonly agencyId: string;
  readonly takeId: string;
  readonly state: "open" | "sealing" | "stored" | "interrupted";
  readonly bytes: number;
  readonly oldestAt: Date;
}

/** What lies in this node's spool, whoever put it there: the rows know, so a start after a crash needs no other list. */
export async function findSpooled(database: Database, node: string): Promise<SpooledTake[]> {
  const found: SpooledTake[] = [];
  for (const agencyId of await database.agencyIds()) {
    const rows = await database.forAgency(agencyId, (tx) =>
      tx
        .selectFrom("sworn.fragment as fragment")
        .innerJoin("sworn.take as take", "take.id", "fragment.take_id")
        .select((eb) => [
          "take.id as takeId",
          "take.state",
          eb.fn.sum<number>("fragment.size").as("bytes"),
          eb.fn.min("fragment.received_at").as("oldestAt"),
        ])
        .where("fragment.spool_node", "=", node)
        .groupBy("take.id")
        .execute(),
    );
    found.push(...rows.map((row) => ({ agencyId, ...row })));
  }
  return found;
}

/**
 * Unlinks segments that no row needs. The order matters: first the closed segments are listed, then those are left out
 * whose rows are about to commit, then the rows are read. A fragment of a listed segment is in one of the two.
 */
export async function releaseSpool(
  database: Database,
  spool: Spool,
  segmentsInFlight: () => ReadonlySet<string>,
): Promise<string[]> {
  const closed = await spool.closedSegments();
  if (closed.length === 0) return [];
  const inFlight = segmentsInFlight();
  const rows = await database.withoutAgency((tx) =>
    sql<{ segment: string }>`select sworn.spool_segments_in_use(${spool.node}) as segment`.execute(tx),
  );
  const needed = new Set(rows.rows.map((row) => row.segment));
  const free = closed.filter((segment) => !inFlight.has(segment) && !needed.has(segment));
  for (const segment of free) await spool.release(segment);
  return free;
}

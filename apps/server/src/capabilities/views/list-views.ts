import { LibraryAddress, type SavedView, type SavedViewList, ViewReach } from "@sworn/contract";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";

/** More views than this nobody reads through; one's own come first. */
const LISTED = 300;

/** One's own views by name, then those of others that are shared with one's unit or the agency. */
export async function listViews(tx: Tx, principal: Principal): Promise<SavedViewList> {
  const rows = await readViews(tx, principal, sql`true`);
  const { personId } = principal;
  const chosen =
    personId === null
      ? undefined
      : await tx
          .selectFrom("sworn.person")
          .select(["default_view_id as id", "left_library"])
          .where("id", "=", personId)
          .executeTakeFirst();
  // A default that was removed, or is no longer shared, is none.
  const defaultId = rows.find(({ id }) => id === chosen?.id)?.id ?? null;
  return { items: rows, defaultId, left: LibraryAddress.safeParse(chosen?.left_library).data ?? null };
}

/** A view that stands in this principal's list, or undefined. */
export async function findView(tx: Tx, principal: Principal, id: string): Promise<SavedView | undefined> {
  return (await readViews(tx, principal, sql`v.id = ${id}::uuid`))[0];
}

async function readViews(tx: Tx, { personId }: Principal, also: RawBuilder<unknown>): Promise<SavedView[]> {
  const { rows } = await sql<Row>`
    with recursive up as (
      select u.id, u.parent_id from sworn.unit u join sworn.person p on p.unit_id = u.id where p.id = ${personId}::uuid
      union select u.id, u.parent_id from sworn.unit u join up on u.id = up.parent_id)
    select v.id, v.name, v.search, v.shared, v.unit_id, v.created_at, v.person_id, p.name as owner
    from sworn.saved_view v join sworn.person p on p.id = v.person_id
    where v.removed_at is null and ${also}
      and (v.person_id = ${personId}::uuid or v.shared = 'agency'
           or (v.shared = 'unit' and v.unit_id in (select id from up)))
    order by (v.person_id = ${personId}::uuid) desc nulls last, lower(v.name), v.id limit ${LISTED}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    // A field that this version no longer knows is left out, and the rest still works.
    search: LibraryAddress.safeParse(row.search).data ?? {},
    shared: ViewReach.parse(row.shared),
    unitId: row.unit_id,
    owner: { id: row.person_id, name: row.owner },
    mine: row.person_id === personId,
    createdAt: row.created_at.toISOString(),
  }));
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly search: unknown;
  readonly shared: string;
  readonly unit_id: string | null;
  readonly created_at: Date;
  readonly person_id: string;
  readonly owner: string;
}

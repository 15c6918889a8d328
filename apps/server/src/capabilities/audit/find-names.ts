import type { AuditNames } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";

const MOST = 20;

/** Whom or what one can ask about: by ids (for an address that holds them) or by a part of the name. */
export async function findNames(
  tx: Tx,
  principal: Principal,
  query: { readonly ids?: readonly string[] | undefined; readonly q?: string | undefined },
): Promise<AuditNames["items"]> {
  const pattern = `%${(query.q ?? "").replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const of = query.ids === undefined ? sql`name ilike ${pattern}` : sql`id = any(${query.ids}::uuid[])`;
  const { rows } = await sql<AuditNames["items"][number]>`
    (select 'person' as kind, id, name from sworn.person where ${of} order by name, id limit ${MOST})
    union all (select 'device', id, name from sworn.device where ${of} order by name, id limit ${MOST})
    union all (select 'key', id, name from sworn.api_key where device_id is null and ${of} order by name, id limit ${MOST})`.execute(
    tx,
  );
  if (query.ids === undefined) return rows;
  const items = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "title as name"])
    .where("id", "in", query.ids)
    .where(visibleEvidence(principal))
    .execute();
  return [...rows, ...items.map((item) => ({ kind: "evidence" as const, ...item }))];
}

import { type ApiKey, KeyScope, Problem, Role } from "@sworn/contract";
import { sql } from "kysely";
import type { Tx } from "../../ports/database.ts";

/** Keys, newest first, a page at a time; those that ended stay in the list. `own`: made by this person alone. */
export async function listKeys(
  tx: Tx,
  page: { cursor?: string | undefined; limit: number; own?: string | undefined },
): Promise<{ items: ApiKey[]; next: string | null }> {
  let rows = tx
    .selectFrom("sworn.api_key as k")
    .leftJoin("sworn.person as p", "p.id", "k.created_by")
    .selectAll("k")
    .select(["p.name as maker", "k.created_at"])
    .orderBy("k.created_at", "desc")
    .orderBy("k.id", "desc")
    .limit(page.limit + 1);
  if (page.own !== undefined) rows = rows.where("k.created_by", "=", page.own);
  if (page.cursor !== undefined) {
    // By the row that ended the page before: its exact time needs no text form of ours.
    const last = await tx.selectFrom("sworn.api_key").select("id").where("id", "=", page.cursor).executeTakeFirst();
    if (last === undefined)
      throw new Problem("request-malformed", "This list has changed. Begin again without cursor.");
    rows = rows.where(
      sql<boolean>`(k.created_at, k.id) < (select c.created_at, c.id from sworn.api_key c where c.id = ${page.cursor})`,
    );
  }
  const found = await rows.execute();
  const items = found.slice(0, page.limit).map((row): ApiKey => ({
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    scopes: row.scopes?.flatMap((scope) => KeyScope.safeParse(scope).data ?? []) ?? null,
    prefix: row.prefix,
    deviceId: row.device_id,
    createdBy: row.created_by === null || row.maker === null ? null : { id: row.created_by, name: row.maker },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }));
  return { items, next: found.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

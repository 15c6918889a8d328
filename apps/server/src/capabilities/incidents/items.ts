import type { MatterItem } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";
import type { Matter } from "./matter.ts";

interface Member {
  evidence_id: string;
  how: MatterItem["how"];
  added_by: string;
  added_at: Date;
  opens: boolean;
}
const byTime = sql<Date>`sworn.evidence.happened_at`;

/** The items of an incident or a case that this principal may see, oldest first. */
export async function listItems(
  tx: Tx,
  principal: Principal,
  matter: Matter,
  id: string,
  page: { readonly limit: number; readonly next?: string | undefined },
): Promise<{ items: MatterItem[]; next: string | null }> {
  const members = sql<Member>`(${matter.itemsOf(id)})`.as<"m">(sql.ref("m"));
  let query = tx
    .selectFrom("sworn.evidence")
    .innerJoin(members, "m.evidence_id", "sworn.evidence.id")
    .leftJoin("sworn.person as p", "p.id", "sworn.evidence.person_id")
    .leftJoin("sworn.device as d", "d.id", "sworn.evidence.device_id")
    .select([
      "sworn.evidence.id",
      "sworn.evidence.title",
      "sworn.evidence.kind",
      "sworn.evidence.state",
      "sworn.evidence.recorded_at",
      "sworn.evidence.received_at",
      "sworn.evidence.duration_ms",
      "p.id as personId",
      "p.name as personName",
      "d.id as deviceId",
      "d.name as deviceName",
      "m.how",
      "m.added_by",
      "m.added_at",
      "m.opens",
    ])
    .where(visibleEvidence(principal));
  if (page.next !== undefined) {
    const after = fromCursor(page.next);
    query = query.where(sql<SqlBool>`(${byTime}, sworn.evidence.id) > (${after.at}, ${after.id}::uuid)`);
  }
  const rows = await query
    .orderBy(byTime)
    .orderBy("sworn.evidence.id")
    .limit(page.limit + 1)
    .execute();
  const items = rows.slice(0, page.limit);
  const names = await actorNames(tx, [...new Set(items.map((row) => row.added_by))]);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return {
    items: items.map((row) => ({
      id: row.id,
      title: row.title,
      kind: row.kind,
      state: row.state,
      recordedAt: row.recorded_at?.toISOString() ?? null,
      receivedAt: row.received_at.toISOString(),
      durationMs: row.duration_ms,
      person: row.personId === null ? null : { id: row.personId, name: row.personName ?? "" },
      device: row.deviceId === null ? null : { id: row.deviceId, name: row.deviceName ?? "" },
      how: row.how,
      addedBy: names.get(row.added_by) ?? null,
      addedAt: row.added_at.toISOString(),
      confirmed: row.opens,
    })),
    next: last === undefined ? null : toCursor({ at: last.recorded_at ?? last.received_at, id: last.id }),
  };
}

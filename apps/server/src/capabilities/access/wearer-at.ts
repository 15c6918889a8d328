import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";

/**
 * Who wore a camera at a time: whom the shift's assignment names, else whoever it belongs to for good. This alone says
 * whose a recording is, and so what "own" means in the predicate.
 */
export async function wearerAt(tx: Tx, deviceId: string | null, at: Date): Promise<string | null> {
  if (deviceId === null) return null;
  const assigned = await tx
    .selectFrom("sworn.assignment")
    .select("person_id")
    .where("device_id", "=", deviceId)
    .where("withdrawn_at", "is", null)
    .where("from_at", "<=", at)
    .where(sql<SqlBool>`(to_at is null or to_at > ${at})`)
    .executeTakeFirst();
  if (assigned !== undefined) return assigned.person_id;
  const device = await tx.selectFrom("sworn.device").select("person_id").where("id", "=", deviceId).executeTakeFirst();
  return device?.person_id ?? null;
}

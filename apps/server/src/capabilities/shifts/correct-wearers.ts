import { Problem } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { unitOf, visibleEvidence, wearerAt } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import type { ShiftDeps } from "./shift-deps.ts";

/** A shift has dozens of recordings; a change that touches more than this is split by whoever makes it. */
const MOST_ITEMS = 1000;

interface Span {
  readonly from_at: Date;
  readonly to_at: Date | null;
}

/** Gives the camera's items of these times to who wore it then, as far as this principal sees them. */
export async function correctWearers(
  tx: Tx,
  deps: ShiftDeps,
  principal: Principal,
  deviceId: string,
  spans: readonly Span[],
): Promise<void> {
  const at = sql<Date>`coalesce(sworn.evidence.recorded_at, sworn.evidence.received_at)`;
  const items = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "person_id", "unit_id", at.as("at")])
    .where("device_id", "=", deviceId)
    .where("state", "!=", "disposed")
    .where(visibleEvidence(principal))
    .where((eb) =>
      eb.or(
        spans.map(
          ({ from_at, to_at }) =>
            sql<SqlBool>`(${at} >= ${from_at} and (${to_at}::timestamptz is null or ${at} < ${to_at}))`,
        ),
      ),
    )
    .orderBy("id")
    .limit(MOST_ITEMS + 1)
    .forUpdate()
    .execute();
  if (items.length > MOST_ITEMS)
    throw new Problem("request-malformed", "This concerns more than 1,000 recordings. Change a shorter time.");
  for (const item of items) {
    const person = await wearerAt(tx, deviceId, item.at);
    if (person === item.person_id) continue;
    const unit = item.unit_id ?? (await unitOf(tx, person));
    await tx
      .updateTable("sworn.evidence")
      .set({ person_id: person, unit_id: unit })
      .where("id", "=", item.id)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "evidence.wearer-changed",
      subject: { kind: "evidence", id: item.id },
      ...actorOf(principal),
      details: { person, before: item.person_id, unit },
    });
  }
}

import { Problem, type TrackPush } from "@sworn/contract";
import { canonicalJson } from "@sworn/core";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { findTake } from "./store.ts";

/** A day of ten fixes a second. */
const MAX_FIXES = 864_000;

/**
 * Takes positions of a take that records: fixes `from`.. in the take's list. Those already there must be the same
 * (`fragment-conflict`), a hole is `fragment-gap`. Durable when it answers, with the next position it waits for.
 */
export async function pushTrack(
  database: Database,
  principal: Principal,
  where: { recordingId: string; take: number },
  push: TrackPush,
): Promise<{ next: number }> {
  return await database.forAgency(principal.agencyId, async (tx) => {
    const take = await findTake(tx, where.recordingId, where.take);
    if (take === undefined || take.deviceId !== principal.deviceId) throw new Problem("not-found");
    // Holds the take's row until the commit: a close that runs at the same time waits, or was first and is seen.
    const held = await tx
      .selectFrom("sworn.take")
      .select("state")
      .where("id", "=", take.id)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow();
    const known = await tx
      .selectFrom("sworn.take_fix")
      .select(["seq", "fix"])
      .where("take_id", "=", take.id)
      .where("seq", ">=", push.from)
      .where("seq", "<", push.from + push.fixes.length) // never the whole day that may be there
      .execute();
    const { next } = await tx
      .selectFrom("sworn.take_fix")
      .select((eb) => eb.fn.coalesce(eb(eb.fn.max("seq"), "+", 1), eb.lit(0)).as("next"))
      .where("take_id", "=", take.id)
      .executeTakeFirstOrThrow();
    const rows = push.fixes.map((fix, i) => ({ seq: push.from + i, fix }));
    const fresh = rows.filter((row) => row.seq >= next);
    if (fresh.length > 0 && held.state !== "open") throw new Problem("take-closed");
    if (push.from > next) {
      throw new Problem("fragment-gap", `Position ${next} is expected next.`, { extra: { next } });
    }
    const before = new Map(known.map((row) => [row.seq, canonicalJson(row.fix)]));
    if (rows.some((row) => before.has(row.seq) && before.get(row.seq) !== canonicalJson(row.fix)))
      throw new Problem("fragment-conflict", "Other positions were already received under these numbers.");
    if (next + fresh.length > MAX_FIXES)
      throw new Problem("track-malformed", "A part holds at most 864,000 positions.");
    if (fresh.length > 0) {
      await tx
        .insertInto("sworn.take_fix")
        .values(
          fresh.map(({ seq, fix }) => ({
            take_id: take.id,
            seq,
            agency_id: principal.agencyId,
            source: push.source,
            fix: JSON.stringify(fix),
          })),
        )
        .execute();
    }
    return { next: next + fresh.length };
  });
}

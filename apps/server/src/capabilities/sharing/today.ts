import { Temporal } from "temporal-polyfill";
import type { TodaySource } from "../../ports/today.ts";
import { isOutside } from "../access/index.ts";

/** A share is announced this many days before it ends: time to make a new one, or to ask for it. */
const SOON_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Shares that end soon: those that somebody made and, outside, those that they got. */
export const endingShares: TodaySource = {
  kind: "share-ending",
  needs: "evidence.list",
  read: async (tx, principal, most, now) => {
    if (principal.personId === null) return [];
    const agency = await tx.selectFrom("sworn.agency").select(["name", "time_zone"]).executeTakeFirst();
    const outside = isOutside(principal);
    const shares = principal.scope?.shares ?? [];
    if (outside && shares.length === 0) return [];
    let query = tx
      .selectFrom("sworn.share")
      .select(["id", "reason", "message", "made_at", "expires_at"])
      .where("revoked_at", "is", null)
      .where("expires_at", ">", now)
      .where("expires_at", "<=", new Date(now.getTime() + SOON_DAYS * DAY_MS));
    // Why it was made is the agency's own; those outside read what was said to them.
    query = outside
      ? query.where("id", "in", [...shares])
      : query.where("agency_id", "=", principal.agencyId).where("made_by", "=", principal.actorId);
    const rows = await query.orderBy("expires_at").orderBy("id").limit(most).execute();
    const zone = agency?.time_zone ?? "UTC";
    return rows.map((row) => ({
      key: `share-ending:${row.id}`,
      evidenceId: null,
      shareId: row.id,
      title: outside ? row.message : row.reason,
      at: row.made_at.toISOString(),
      due: Temporal.Instant.fromEpochMilliseconds(row.expires_at.getTime() - 1)
        .toZonedDateTimeISO(zone)
        .toPlainDate()
        .toString(),
    }));
  },
};

import type { TodaySource } from "../../ports/today.ts";
import { lockedOut, visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

/** Notes that name somebody and that they have not read yet. Who may not see the item any more is told of none. */
export const unreadMentions: TodaySource = {
  kind: "mention",
  needs: "marker.read",
  read: async (tx, principal, most) => {
    if (principal.personId === null) return [];
    const locked = await lockedOut(tx, principal);
    const rows = await tx
      .selectFrom("sworn.mention as m")
      .innerJoin("sworn.marker as k", "k.id", "m.marker_id")
      .innerJoin("sworn.evidence", "sworn.evidence.id", "m.evidence_id")
      .select(["m.marker_id", "m.evidence_id", "m.mentioned_by", "m.mentioned_at", "sworn.evidence.title"])
      .where("m.person_id", "=", principal.personId)
      .where("m.agency_id", "=", principal.agencyId)
      .where("m.seen_at", "is", null)
      .where("k.removed_at", "is", null)
      .where(visibleEvidence(principal))
      .where((eb) => (locked === null ? eb.lit(true) : eb.not(locked)))
      .orderBy("m.mentioned_at", "desc")
      .orderBy("m.marker_id")
      .limit(most)
      .execute();
    const names = await actorNames(tx, [...new Set(rows.map((row) => row.mentioned_by))]);
    return rows.map((row) => ({
      key: `mention:${row.marker_id}:${row.mentioned_at.toISOString()}`,
      evidenceId: row.evidence_id,
      markerId: row.marker_id,
      title: row.title,
      by: names.get(row.mentioned_by) ?? null,
      at: row.mentioned_at.toISOString(),
      due: null,
    }));
  },
};

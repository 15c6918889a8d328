import { Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import type { SharingDeps } from "./sharing-deps.ts";
import { knownShares } from "./store.ts";

/**
 * Ends a share at once, for everybody it went to. `not-found` where none of its items is theirs to see, `share-ended`
 * where it has ended.
 */
export async function revokeShare(
  tx: Tx,
  deps: SharingDeps,
  principal: Principal,
  id: string,
  reason: string,
): Promise<void> {
  const now = new Date(deps.clock.now());
  const share = await tx
    .selectFrom("sworn.share")
    .select("expires_at")
    .where("id", "=", id)
    .where(knownShares(principal))
    .executeTakeFirst();
  if (share === undefined) throw new Problem("not-found");
  const changed = await tx
    .updateTable("sworn.share")
    .set({ revoked_by: principal.actorId, revoked_at: now, revoke_reason: reason })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw new Problem("share-ended");
  // Of every item, those included that who ends it may not see: each history says what became of it.
  const items = await tx
    .selectFrom("sworn.share_item")
    .select("evidence_id")
    .where("share_id", "=", id)
    .orderBy("evidence_id")
    .execute();
  for (const { evidence_id: item } of items)
    await append(tx, deps.custody, principal.agencyId, {
      kind: "share.revoked",
      subject: { kind: "evidence", id: item },
      ...actorOf(principal),
      reason,
      details: { share: id },
    });
}

import type { CaseShares } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertSeesCase, visibleEvidence } from "../access/index.ts";
import { evidenceOfCase } from "../cases/index.ts";
import { revokeShare } from "./revoke-share.ts";
import type { SharingDeps } from "./sharing-deps.ts";
import { describeShares, knownShares } from "./store.ts";

/** More than these are read through the list of all shares. */
const MOST_SHARES = 100;
const MOST_ITEMS = 500;

/** Who outside has what of a case; what of it no share that lasts holds: added since, or never shared. */
export async function readCaseShares(tx: Tx, deps: SharingDeps, principal: Principal, id: string): Promise<CaseShares> {
  await assertSeesCase(tx, principal, id);
  const now = deps.clock.now();
  const rows = await tx
    .selectFrom("sworn.share")
    .selectAll()
    .where("case_id", "=", id)
    .where(knownShares(principal))
    .orderBy("made_at", "desc")
    .orderBy("id", "desc")
    .limit(MOST_SHARES)
    .execute();
  const held = tx
    .selectFrom("sworn.share_item")
    .innerJoin("sworn.share", "sworn.share.id", "sworn.share_item.share_id")
    .select("sworn.share_item.evidence_id")
    .where("sworn.share.case_id", "=", id)
    .where("sworn.share.revoked_at", "is", null)
    .where("sworn.share.expires_at", ">", new Date(now));
  const unshared = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "title"])
    .where("sworn.evidence.id", "in", evidenceOfCase(id))
    .where("sworn.evidence.id", "not in", held)
    .where("sworn.evidence.state", "!=", "disposed")
    .where(visibleEvidence(principal))
    .orderBy("id")
    .limit(MOST_ITEMS)
    .execute();
  return { shares: await describeShares(tx, principal, rows, now), unshared };
}

/** Ends every share of the case that lasts, for everybody: one act, an event on each item of each. */
export async function endCaseShares(
  tx: Tx,
  deps: SharingDeps,
  principal: Principal,
  id: string,
  reason: string,
): Promise<string[]> {
  await assertSeesCase(tx, principal, id);
  const rows = await tx
    .selectFrom("sworn.share")
    .select("id")
    .where("case_id", "=", id)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", new Date(deps.clock.now()))
    .where(knownShares(principal))
    .orderBy("id")
    .forUpdate()
    .execute();
  for (const share of rows) await revokeShare(tx, deps, principal, share.id, reason);
  return rows.map((row) => row.id);
}

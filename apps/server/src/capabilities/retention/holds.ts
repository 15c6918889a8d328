import { type Hold, type PlaceHold, Problem } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorOf, append } from "../custody/index.ts";
import { actorNames } from "../identity/index.ts";
import { decideAgain } from "./decide.ts";
import { lockItems } from "./lock-items.ts";
import type { RetentionDeps } from "./retention-deps.ts";

/** Places a hold of its own on each item. An item may have several; each ends by itself. */
export async function placeHolds(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  { evidenceIds, reason, ownerId, reviewOn }: PlaceHold,
): Promise<{ placed: { holdId: string; evidenceId: string }[]; missing: string[] }> {
  const owner = await tx
    .selectFrom("sworn.person")
    .select("id")
    .where("id", "=", ownerId)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (owner === undefined)
    throw new Problem("request-malformed", "A hold needs an owner who still works here: somebody must review it.");
  const { rows, missing } = await lockItems(tx, principal, evidenceIds);
  const placed: { holdId: string; evidenceId: string }[] = [];
  for (const { id: evidenceId } of rows) {
    const holdId = randomUUID();
    await tx
      .insertInto("sworn.hold")
      .values({
        id: holdId,
        agency_id: principal.agencyId,
        evidence_id: evidenceId,
        reason,
        owner_id: ownerId,
        review_on: reviewOn,
        placed_by: principal.actorId,
        released_by: null,
        released_at: null,
        release_reason: null,
      })
      .execute();
    await tx
      .updateTable("sworn.evidence")
      .set((eb) => ({ holds: eb("holds", "+", 1) }))
      .where("id", "=", evidenceId)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "hold.placed",
      subject: { kind: "evidence", id: evidenceId },
      ...actorOf(principal),
      reason,
      details: { hold: holdId, owner: ownerId, reviewOn },
    });
    placed.push({ holdId, evidenceId });
  }
  await decideAgain(
    tx,
    rows.map(({ id }) => id),
  );
  return { placed, missing };
}

/** Ends holds, with a reason. One that has ended, or is not yours to see, is answered as missing. */
export async function releaseHolds(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  { holdIds, reason }: { readonly holdIds: readonly string[]; readonly reason: string },
): Promise<{ released: string[]; missing: string[] }> {
  const ids = [...new Set(holdIds)];
  const rows = await tx
    .selectFrom("sworn.evidence")
    .innerJoin("sworn.hold", "sworn.hold.evidence_id", "sworn.evidence.id")
    .select(["sworn.hold.id", "sworn.evidence.id as evidenceId"])
    .where("sworn.hold.id", "in", ids)
    .where("sworn.hold.released_at", "is", null)
    .where(visibleEvidence(principal))
    .orderBy("sworn.evidence.id")
    .orderBy("sworn.hold.id")
    .forUpdate()
    .execute();
  for (const { id, evidenceId } of rows) {
    await tx
      .updateTable("sworn.hold")
      .set({
        released_by: principal.actorId,
        released_at: new Date(deps.clock.now()),
        release_reason: reason,
      })
      .where("id", "=", id)
      .execute();
    await tx
      .updateTable("sworn.evidence")
      .set((eb) => ({ holds: eb("holds", "-", 1) }))
      .where("id", "=", evidenceId)
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "hold.released",
      subject: { kind: "evidence", id: evidenceId },
      ...actorOf(principal),
      reason,
      details: { hold: id },
    });
  }
  await decideAgain(tx, [...new Set(rows.map(({ evidenceId }) => evidenceId))]);
  const released = rows.map(({ id }) => id);
  return { released, missing: ids.filter((id) => !released.includes(id)) };
}

/** Those that last first, then those that ended. */
export async function listHolds(tx: Tx, evidenceId: string): Promise<Hold[]> {
  const rows = await tx
    .selectFrom("sworn.hold")
    .selectAll()
    .where("evidence_id", "=", evidenceId)
    .orderBy("released_at", (order) => order.desc().nullsFirst())
    .orderBy("placed_at", "desc")
    .execute();
  const ids = rows.flatMap((row) => [row.owner_id, row.placed_by, row.released_by]).filter((id) => id !== null);
  const names = await actorNames(tx, [...new Set(ids)]);
  const name = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  return rows.map((row) => ({
    id: row.id,
    evidenceId: row.evidence_id,
    reason: row.reason,
    owner: { id: row.owner_id, name: name(row.owner_id) ?? "" },
    reviewOn: row.review_on,
    placedBy: name(row.placed_by),
    placedAt: row.placed_at.toISOString(),
    releasedBy: name(row.released_by),
    releasedAt: row.released_at?.toISOString() ?? null,
    releaseReason: row.release_reason,
  }));
}

import { type ClassifyAnswer, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import { decide } from "./decide.ts";
import { assertFollows, restrictDescendants } from "./follow-source.ts";
import { lockItems } from "./lock-items.ts";
import type { RetentionDeps } from "./retention-deps.ts";
import { categoriesOf, readSchedule } from "./store.ts";

/**
 * Gives items to a restricted class, or takes them out of theirs (`classId` null), with all that was made from them. Who is no member of the class gives
 * them away: afterwards the items are not there for them, which the dry run says by counting them.
 */
export async function restrict(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  request: {
    readonly ids: readonly string[];
    readonly classId: string | null;
    readonly reason: string;
    readonly dryRun: boolean;
  },
): Promise<ClassifyAnswer> {
  const { classId, reason } = request;
  if (classId !== null) {
    const known = await tx
      .selectFrom("sworn.restricted_class")
      .select("id")
      .where("id", "=", classId)
      .where("archived_at", "is", null)
      .executeTakeFirst();
    if (known === undefined) throw new Problem("request-malformed", "There is no such restricted class.");
  }
  const { rows, missing } = await lockItems(tx, principal, request.ids);
  const schedule = await readSchedule(tx);
  const categories = await categoriesOf(
    tx,
    rows.map(({ id }) => id),
  );
  const differs = rows.filter((row) => row.restricted_class_id !== classId);
  const asked = rows.map(({ id }) => id);
  await assertFollows(
    tx,
    differs.map(({ id }) => id),
    classId,
  );
  if (!request.dryRun)
    for (const row of differs) {
      await tx.updateTable("sworn.evidence").set({ restricted_class_id: classId }).where("id", "=", row.id).execute();
      await append(tx, deps.custody, principal.agencyId, {
        kind: "evidence.restricted",
        subject: { kind: "evidence", id: row.id },
        ...actorOf(principal),
        reason,
        details: { class: classId, before: row.restricted_class_id },
      });
      await restrictDescendants(tx, deps, principal, { id: row.id, classId, reason }, asked);
    }
  return {
    changed: differs.map((row) => {
      const categoryIds = categories.get(row.id) ?? [];
      const standing = { categoryIds, keepUntil: decide(row, categoryIds, schedule).keepUntil };
      return {
        id: row.id,
        title: row.title,
        before: { ...standing, restrictedClassId: row.restricted_class_id },
        after: { ...standing, restrictedClassId: classId },
      };
    }),
    unchanged: rows.filter((row) => row.restricted_class_id === classId).map(({ id }) => id),
    missing,
  };
}

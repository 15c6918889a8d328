import { type ClassifyAnswer, Problem } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { actorOf, append } from "../custody/index.ts";
import { decide, decideAgain } from "./decide.ts";
import { restrictDescendants } from "./follow-source.ts";
import { lockItems } from "./lock-items.ts";
import { categoriesOf, readSchedule } from "./store.ts";
import type { RetentionDeps } from "./retention-deps.ts";

export interface Classification {
  readonly ids: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Gives items categories and takes them away; says for each what it was and what it is. A category with a restricted
 * class restricts the item, and taking it away does not lift that: only `restrict` does. With `dryRun` nothing changes.
 */
export async function classify(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  { ids, add, remove, dryRun }: Classification,
): Promise<ClassifyAnswer> {
  // Held until we are done: a period changed meanwhile would send its job past rows it cannot see yet.
  await tx.selectFrom("sworn.category").select("id").forShare().execute();
  const schedule = await readSchedule(tx);
  for (const id of [...add, ...remove])
    if (!schedule.categories.has(id)) throw new Problem("request-malformed", "There is no such category.");
  for (const id of add)
    if (schedule.categories.get(id)?.archivedAt !== null)
      throw new Problem("request-malformed", "This category is no longer in use. Choose another one.");
  await assertOpenClasses(
    tx,
    add.flatMap((id) => schedule.categories.get(id)?.restrictedClassId ?? []),
  );
  const { rows, missing } = await lockItems(tx, principal, ids);
  const known = await categoriesOf(
    tx,
    rows.map(({ id }) => id),
  );
  const answer: ClassifyAnswer = { changed: [], unchanged: [], missing };
  for (const row of rows) {
    const had = known.get(row.id) ?? [];
    const categoryIds = [...new Set([...had.filter((id) => !remove.includes(id)), ...add])].toSorted();
    if (categoryIds.length > 20) throw new Problem("request-malformed", "An item has at most 20 categories.");
    if (categoryIds.length === had.length && categoryIds.every((id) => had.includes(id))) {
      answer.unchanged.push(row.id);
      continue;
    }
    const [was, is] = [decide(row, had, schedule).keepUntil, decide(row, categoryIds, schedule).keepUntil];
    if (had.length > 0 && is !== null && (was === null || is < was) && !may(principal, "hold.manage"))
      throw new Problem(
        "not-allowed",
        "This would shorten how long an item is kept that somebody has categorised. A supervisor or custodian can do that.",
      );
    const imposed = add.map((id) => schedule.categories.get(id)?.restrictedClassId ?? null).find((id) => id !== null);
    const restrictedClassId = row.restricted_class_id ?? imposed ?? null;
    const before = { categoryIds: had, restrictedClassId: row.restricted_class_id };
    const after = { categoryIds, restrictedClassId };
    answer.changed.push({
      id: row.id,
      title: row.title,
      before: { ...before, keepUntil: was },
      after: { ...after, keepUntil: is },
    });
  }
  if (dryRun) return answer;
  for (const { id, before, after } of answer.changed) {
    const gone = before.categoryIds.filter((category) => !after.categoryIds.includes(category));
    if (gone.length > 0)
      await tx
        .deleteFrom("sworn.evidence_category")
        .where("evidence_id", "=", id)
        .where("category_id", "in", gone)
        .execute();
    const rows = after.categoryIds
      .filter((category) => !before.categoryIds.includes(category))
      .map((category) => ({ evidence_id: id, category_id: category, agency_id: principal.agencyId }));
    if (rows.length > 0) await tx.insertInto("sworn.evidence_category").values(rows).execute();
    const set = { categories: after.categoryIds.length, restricted_class_id: after.restrictedClassId };
    await tx.updateTable("sworn.evidence").set(set).where("id", "=", id).execute();
  }
  await decideAgain(
    tx,
    answer.changed.map(({ id }) => id),
  );
  const named = (of: readonly string[]): { id: string; name: string }[] =>
    of.map((id) => ({ id, name: schedule.categories.get(id)?.name ?? id }));
  for (const { id, before, after } of answer.changed) {
    const subject = { kind: "evidence", id } as const;
    await append(tx, deps.custody, principal.agencyId, {
      kind: "evidence.categorised",
      subject,
      ...actorOf(principal),
      // Names as they are today: a category that is renamed later must not rewrite history.
      details: { categories: named(after.categoryIds), before: named(before.categoryIds) },
    });
    if (before.restrictedClassId !== after.restrictedClassId) {
      const reason = "category";
      await append(tx, deps.custody, principal.agencyId, {
        kind: "evidence.restricted",
        subject,
        ...actorOf(principal),
        reason,
        details: { class: after.restrictedClassId, before: before.restrictedClassId },
      });
      await restrictDescendants(tx, deps, principal, { id, classId: after.restrictedClassId, reason });
    }
  }
  return answer;
}

/** A class that is archived takes nothing in, and one without members would hide the item from everybody. */
async function assertOpenClasses(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const id of new Set(ids)) {
    const open = await tx
      .selectFrom("sworn.restricted_class")
      .innerJoin("sworn.restricted_member", "sworn.restricted_member.class_id", "sworn.restricted_class.id")
      .select("sworn.restricted_class.id")
      .where("sworn.restricted_class.id", "=", id)
      .where("archived_at", "is", null)
      .limit(1)
      .executeTakeFirst();
    if (open === undefined)
      throw new Problem(
        "request-malformed",
        "This category restricts to a class that has no members or is no longer in use: nobody could see the item.",
      );
  }
}

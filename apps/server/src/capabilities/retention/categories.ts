import { type Category, Problem, type RetentionPeriod } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { Job } from "../../ports/jobs.ts";
import { actorOf, append } from "../custody/index.ts";
import { decideAgain } from "./decide.ts";
import type { RetentionDeps } from "./retention-deps.ts";
import { fromPeriod, listCategories } from "./store.ts";

interface CategoryChange {
  readonly name?: string | undefined;
  readonly keep?: RetentionPeriod | undefined;
  readonly restrictedClassId?: string | null | undefined;
  readonly archived?: boolean | undefined;
}

export async function createCategory(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  category: { readonly name: string; readonly keep: RetentionPeriod; readonly restrictedClassId: string | null },
): Promise<Category> {
  await assertFree(tx, category.name, null);
  await assertClass(tx, category.restrictedClassId);
  const id = randomUUID();
  await tx
    .insertInto("sworn.category")
    .values({
      id,
      agency_id: principal.agencyId,
      name: category.name,
      ...fromPeriod(category.keep, "keep_count", "keep_unit"),
      restricted_class_id: category.restrictedClassId,
      archived_at: null,
    })
    .execute();
  await append(tx, deps.custody, principal.agencyId, {
    kind: "category.created",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: {
      category: id,
      name: category.name,
      keep: inWords(category.keep),
      restrictedClass: category.restrictedClassId,
    },
  });
  return await findCategory(tx, id);
}

/** A new period holds for the items that have the category, too: a job goes through them. */
export async function changeCategory(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  id: string,
  change: CategoryChange,
): Promise<Category> {
  // Locked first: of two changes at once, the second must start from what the first one made.
  await tx.selectFrom("sworn.category").select("id").where("id", "=", id).forUpdate().execute();
  const before = await findCategory(tx, id);
  if (change.name !== undefined) await assertFree(tx, change.name, id);
  await assertClass(tx, change.restrictedClassId ?? null);
  const { name = before.name, keep = before.keep, restrictedClassId = before.restrictedClassId } = change;
  const archived_at = change.archived === undefined ? undefined : change.archived ? new Date(deps.clock.now()) : null;
  await tx
    .updateTable("sworn.category")
    .set({
      name,
      ...fromPeriod(keep, "keep_count", "keep_unit"),
      restricted_class_id: restrictedClassId,
      ...(archived_at === undefined ? {} : { archived_at }),
    })
    .where("id", "=", id)
    .execute();
  const after = await findCategory(tx, id);
  await append(tx, deps.custody, principal.agencyId, {
    kind: "category.changed",
    subject: { kind: "agency", id: principal.agencyId },
    ...actorOf(principal),
    details: {
      category: id,
      name,
      keep: inWords(keep),
      restrictedClass: restrictedClassId,
      before: { name: before.name, keep: inWords(before.keep), archived: before.archivedAt === null ? "no" : "yes" },
      archived: after.archivedAt === null ? "no" : "yes",
    },
  });
  if (inWords(keep) !== inWords(before.keep))
    await deps.jobs.send(tx, "decide-retention", { agencyId: principal.agencyId, id });
  return after;
}

/** The period of items that nobody has categorised. */
export async function changeUncategorised(
  tx: Tx,
  deps: RetentionDeps,
  principal: Principal,
  keep: RetentionPeriod,
): Promise<void> {
  const { agencyId } = principal;
  await tx
    .updateTable("sworn.agency")
    .set(fromPeriod(keep, "uncategorised_count", "uncategorised_unit"))
    .where("id", "=", agencyId)
    .execute();
  await append(tx, deps.custody, agencyId, {
    kind: "category.changed",
    subject: { kind: "agency", id: agencyId },
    ...actorOf(principal),
    details: { category: null, keep: inWords(keep) },
  });
  await deps.jobs.send(tx, "decide-retention", { agencyId, id: agencyId });
}

const BATCH = 500;

/** Goes through the items that a changed rule concerns, a batch in each transaction. Safe to do again. */
export async function decideAll(deps: RetentionDeps, job: Job, signal: AbortSignal): Promise<void> {
  for (let last: string | null = null; ;) {
    signal.throwIfAborted();
    const after: string | null = last;
    const ids: string[] = await deps.database.forAgency(job.agencyId, async (tx) => {
      let query = tx.selectFrom("sworn.evidence").select("id").orderBy("id").limit(BATCH).forUpdate();
      if (after !== null) query = query.where("id", ">", after);
      query = query.where(
        job.id === job.agencyId
          ? sql<SqlBool>`categories = 0`
          : sql<SqlBool>`id in (select c.evidence_id from sworn.evidence_category c where c.category_id = ${job.id})`,
      );
      const rows = await query.execute();
      const found = rows.map(({ id }) => id);
      await decideAgain(tx, found);
      return found;
    });
    last = ids.at(-1) ?? null;
    if (ids.length < BATCH) return;
  }
}

async function findCategory(tx: Tx, id: string): Promise<Category> {
  const found = (await listCategories(tx)).find((category) => category.id === id);
  if (found === undefined) throw new Problem("not-found");
  return found;
}

async function assertFree(tx: Tx, name: string, own: string | null): Promise<void> {
  const taken = await tx.selectFrom("sworn.category").select("id").where("name", "=", name).executeTakeFirst();
  if (taken !== undefined && taken.id !== own) throw new Problem("name-taken");
}

async function assertClass(tx: Tx, id: string | null): Promise<void> {
  if (id === null) return;
  const found = await tx.selectFrom("sworn.restricted_class").select("id").where("id", "=", id).executeTakeFirst();
  if (found === undefined) throw new Problem("request-malformed", "There is no such restricted class.");
}

/** As the log keeps it: "4 years", "indefinite". */
export function inWords(keep: RetentionPeriod): string {
  return keep === "indefinite" ? keep : `${keep.count} ${keep.unit}${keep.count === 1 ? "" : "s"}`;
}

import { Problem, type Category, type RetentionPeriod } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";

/** Two columns that are null together: kept without end. */
export function toPeriod(count: number | null, unit: "day" | "month" | "year" | null): RetentionPeriod {
  return count === null || unit === null ? "indefinite" : { count, unit };
}

export function fromPeriod<C extends string, U extends string>(
  keep: RetentionPeriod,
  count: C,
  unit: U,
): Record<C, number | null> & Record<U, "day" | "month" | "year" | null> {
  const columns = keep === "indefinite" ? { [count]: null, [unit]: null } : { [count]: keep.count, [unit]: keep.unit };
  return columns as Record<C, number | null> & Record<U, "day" | "month" | "year" | null>;
}

export interface Schedule {
  readonly timeZone: string;
  readonly uncategorised: RetentionPeriod;
  /** Archived ones too: items that have them keep them. */
  readonly categories: ReadonlyMap<string, Category>;
}

/** The agency's rules as they are now. */
export async function readSchedule(tx: Tx): Promise<Schedule> {
  const agency = await tx
    .selectFrom("sworn.agency")
    .select(["time_zone", "uncategorised_count", "uncategorised_unit"])
    .executeTakeFirst();
  if (agency === undefined) throw new Problem("not-found");
  const categories = await listCategories(tx);
  return {
    timeZone: agency.time_zone,
    uncategorised: toPeriod(agency.uncategorised_count, agency.uncategorised_unit),
    categories: new Map(categories.map((category) => [category.id, category])),
  };
}

export async function listCategories(tx: Tx): Promise<Category[]> {
  const rows = await tx.selectFrom("sworn.category").selectAll().orderBy("name").execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    keep: toPeriod(row.keep_count, row.keep_unit),
    restrictedClassId: row.restricted_class_id,
    archivedAt: row.archived_at?.toISOString() ?? null,
  }));
}

/** Of each item, its categories; items without any are not in the answer. */
export async function categoriesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (ids.length === 0) return found;
  const rows = await tx
    .selectFrom("sworn.evidence_category")
    .select(["evidence_id", "category_id"])
    .where("evidence_id", "in", ids)
    .orderBy("category_id")
    .execute();
  for (const { evidence_id, category_id } of rows) {
    const known = found.get(evidence_id);
    if (known === undefined) found.set(evidence_id, [category_id]);
    else known.push(category_id);
  }
  return found;
}

import type { ClassifyAnswer } from "@sworn/contract";
import type { z } from "zod";
import { queries, sworn } from "../../app/server.ts";

export type Classified = z.output<typeof ClassifyAnswer>;
/** The server takes this many items in one request; more would not be one change that is undone as one. */
export const mostAtOnce = 500;

/** Everything that shows these items asks again. */
export async function refreshItems(): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["library"] }),
    queries.invalidateQueries({ queryKey: ["evidence"] }),
  ]);
}

/**
 * The opposite of what changed, for exactly the items that changed: those that had a category before keep it, so items
 * that changed alike share a request.
 */
export async function undoClassify(done: Classified): Promise<{ undone: number; missing: number }> {
  const alike = new Map<string, { ids: string[]; add: string[]; remove: string[] }>();
  for (const { id, before, after } of done.changed) {
    const add = before.categoryIds.filter((one) => !after.categoryIds.includes(one)).toSorted();
    const remove = after.categoryIds.filter((one) => !before.categoryIds.includes(one)).toSorted();
    const key = `${add.join()} ${remove.join()}`;
    const group = alike.get(key) ?? { ids: [], add, remove };
    group.ids.push(id);
    alike.set(key, group);
  }
  let [undone, missing] = [0, 0];
  for (const group of alike.values()) {
    const answer = await sworn.retention.classify(group);
    undone += answer.changed.length;
    missing += answer.missing.length;
  }
  return { undone, missing };
}

export const newlyRestricted = (answer: Classified): Classified["changed"] =>
  answer.changed.filter(({ before, after }) => before.restrictedClassId !== after.restrictedClassId);

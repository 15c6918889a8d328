import type { Evidence, MembershipAnswer } from "@sworn/contract";
import { queries, sworn } from "../../../app/server.ts";
import { words } from "../../../words/index.ts";
import { type Classified, refreshItems, undoClassify } from "../bulk-changes.ts";

const say = words.mine;

/** What was saved of one item, for taking it back. */
export interface Saved {
  readonly classified: Classified;
  readonly joined: MembershipAnswer | null;
}

/** One's own items without a category, the newest first; asked for once, so that the list stays while it is worked off. */
export const mineQuery = (personId: string) => ({
  queryKey: ["mine", personId],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    sworn.evidence.list({ is: ["uncategorised"], person: [personId], limit: 100 }, signal),
  staleTime: Infinity,
  gcTime: 0,
  refetchOnWindowFocus: false,
});

/**
 * The number first: a category may restrict the item, and then it is out of reach. Where the category is refused the number
 * is taken out again, so that saving once more says the same thing once.
 */
export async function saveOne(item: Evidence, categories: readonly string[], number: string): Promise<Saved> {
  const ids = [item.id];
  const joined = number === "" ? null : await sworn.incidents.give({ ids, number });
  try {
    const classified = await sworn.retention.classify({ ids, add: [...categories] });
    if (classified.missing.length > 0) throw new Error(say.gone);
    return { classified, joined };
  } catch (error) {
    await takeOut(joined);
    throw error;
  }
}

/** Takes it back as far as it goes; answers what to say. */
export async function takeBack({ classified, joined }: Saved): Promise<string> {
  const out = await takeOut(joined);
  const { missing } = await undoClassify(classified);
  return [missing === 0 ? say.undone : say.stayed, ...(out ? [] : [say.numberStays])].join(" ");
}

/** Everything that shows the item asks again; the list itself stays. */
export async function refreshAfter(): Promise<void> {
  await Promise.all([
    refreshItems(),
    queries.invalidateQueries({ queryKey: ["today"] }),
    queries.invalidateQueries({ queryKey: ["matters"] }),
  ]);
}

/** False where the incident is not the wearer's to see: its keeper confirms or takes out what waits there. */
async function takeOut(joined: MembershipAnswer | null): Promise<boolean> {
  if (joined === null || joined.changed.length === 0) return true;
  const { id } = joined.matter;
  if (id === null) return false;
  await sworn.incidents.remove(
    id,
    joined.changed.map((one) => one.id),
  );
  return true;
}

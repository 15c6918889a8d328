import type { Evidence } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../../app/server.ts";
import { custodyKey } from "../../custody/index.ts";
import { evidenceQuery } from "../evidence-query.ts";

export const retentionQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "retention"],
    queryFn: ({ signal }) => sworn.retention.retention(id, signal),
  });

/** After something of it changed: what it is, how long it is kept, and the entry that says who did it. */
export async function refreshItem(id: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ ...evidenceQuery(id), exact: true }),
    queries.invalidateQueries(retentionQuery(id)),
    queries.invalidateQueries({ queryKey: custodyKey(id) }),
    queries.invalidateQueries({ queryKey: ["library"] }),
  ]);
}

/** Shows a change before the server has answered; the answer of this is what it was before. */
export async function showAtOnce(id: string, change: (evidence: Evidence) => Evidence): Promise<Evidence | undefined> {
  const { queryKey } = evidenceQuery(id);
  // An answer on its way would show the old state once more.
  await queries.cancelQueries({ queryKey, exact: true });
  const before = queries.getQueryData(queryKey);
  queries.setQueryData(queryKey, (now) => (now === undefined ? now : change(now)));
  return before;
}

import type { Evidence } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { sworn } from "../../app/server.ts";

/** One item; asked for again while it still changes, and left alone once it rests. */
export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id],
    queryFn: ({ signal }) => sworn.evidence.get(id, signal),
    refetchInterval: (query) => (query.state.data !== undefined && moves(query.state.data) ? 2000 : false),
  });

export function moves(evidence: Evidence): boolean {
  if (evidence.state === "live" || evidence.state === "sealing") return true;
  return evidence.media.state === "pending" || evidence.media.state === "running";
}

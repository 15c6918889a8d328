import type { Evidence, EvidenceList } from "@sworn/contract";
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { sworn } from "../../app/server.ts";

/** One item; asked for again while it still changes, and left alone once it rests. */
export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id],
    queryFn: ({ signal }) => sworn.evidence.get(id, signal),
    refetchInterval: ({ state }) => {
      if (state.data === undefined) return false;
      return moves(state.data) || (awaits(state.data) && state.dataUpdateCount < MOST_LOOKS) ? 2000 : false;
    },
  });

const MOST_LOOKS = 60;

/** Poster and positions come from jobs of their own, after the format was read; a file may have neither. */
function awaits({ state, storedAt, hasPoster, hasTrack }: Evidence): boolean {
  if (state !== "stored" || storedAt === null || (hasPoster && hasTrack)) return false;
  return Date.now() - Date.parse(storedAt) < 60 * 60 * 1000;
}

export function moves(evidence: Evidence): boolean {
  if (evidence.state === "live" || evidence.state === "sealing") return true;
  return evidence.media.state === "pending" || evidence.media.state === "running";
}

/** The item as a list of the library holds it now. */
export function listed(client: QueryClient, id: string): Evidence | undefined {
  for (const [, data] of client.getQueriesData({ queryKey: ["library"] })) {
    const pages = (data as { pages?: readonly EvidenceList[] } | undefined)?.pages ?? [];
    for (const { items } of pages) {
      const item = items.find((each) => each.id === id);
      if (item !== undefined) return item;
    }
  }
  return undefined;
}

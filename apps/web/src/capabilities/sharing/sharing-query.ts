import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../app/server.ts";
import { custodyKey } from "../custody/index.ts";

export const sharesOfQuery = (evidence: string) =>
  queryOptions({
    queryKey: ["shares", "of", evidence],
    queryFn: ({ signal }) => sworn.sharing.list({ evidence, limit: 200 }, signal),
  });

export const sharesQuery = (state: "active" | "ended") =>
  infiniteQueryOptions({
    queryKey: ["shares", "all", state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      sworn.sharing.list({ state, limit: 25, ...(pageParam === null ? {} : { next: pageParam }) }, signal),
    getNextPageParam: (page) => page.next,
  });

export const recipientsQuery = queryOptions({
  queryKey: ["shares", "recipients"],
  queryFn: ({ signal }) => sworn.sharing.recipients(signal),
});

export const withMeQuery = (evidence?: string) =>
  queryOptions({
    queryKey: ["shares", "with-me", evidence ?? ""],
    queryFn: ({ signal }) => sworn.sharing.withMe(evidence, signal),
  });

/** After a share was made or ended: every list of shares, and the histories that say so. */
export async function refreshShares(evidence: readonly string[] = []): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["shares"] }),
    ...evidence.map((id) => queries.invalidateQueries({ queryKey: custodyKey(id) })),
  ]);
}

import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../../app/server.ts";
import { custodyKey } from "../../custody/index.ts";

/** What was asked for; looked at again while something is under way. */
export const renderingsQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "renderings"],
    queryFn: ({ signal }) => sworn.derivatives.list(id, signal),
    refetchInterval: ({ state }) =>
      (state.data ?? []).some(({ state: now }) => now === "waiting" || now === "running") ? 1000 : false,
  });

export const familyQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "family"],
    queryFn: ({ signal }) => sworn.derivatives.family(id, signal),
  });

export const refreshRenderings = (id: string): Promise<void> => queries.invalidateQueries(renderingsQuery(id));

/** After one was made: the tree, the still's marker, the entry, and the library that lists it. */
export async function refreshMade(id: string): Promise<void> {
  await Promise.all(
    [["evidence", id, "family"], ["evidence", id, "markers"], custodyKey(id), ["library"]].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  );
}

import { queryOptions } from "@tanstack/react-query";
import { sworn } from "../../app/server.ts";

export const custodyKey = (id: string): readonly string[] => ["evidence", id, "custody"];

/** Asked for once per page: reading a history is itself an entry of it. */
export const custodyQuery = (id: string) =>
  queryOptions({
    queryKey: custodyKey(id),
    queryFn: ({ signal }) => sworn.evidence.custody(id, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

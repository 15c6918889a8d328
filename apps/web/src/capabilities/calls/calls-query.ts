import type { CallPage } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../app/server.ts";

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ["calls", "one", id],
    queryFn: ({ signal }): Promise<CallPage> => sworn.calls.get(id, signal),
  });

/** Something was said of a call: what shows it asks again, and so do its items and incidents. */
export async function refreshCalls(): Promise<void> {
  await Promise.all(
    ["calls", "matters", "library", "evidence"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
  );
}

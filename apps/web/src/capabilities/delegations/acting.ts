import { queries, sworn } from "../../app/server.ts";

/** From here on this browser acts under it, or as oneself: nothing that was read as somebody else stays on the screen. */
export async function actUnder(delegationId: string | null): Promise<void> {
  await sworn.delegations.actUnder(delegationId);
  window.location.assign("/");
}

export const lentQuery = (person?: string) => ({
  queryKey: ["delegations", person ?? "own"] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    sworn.delegations.list(person === undefined ? { limit: 100 } : { limit: 100, person }, signal),
});

export const refreshLent = (): Promise<void> => queries.invalidateQueries({ queryKey: ["delegations"] });

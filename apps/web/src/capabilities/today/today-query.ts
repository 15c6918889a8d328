import type { TodayGroup, TodayKind, TodayRow } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../app/server.ts";

export const todayQuery = queryOptions({
  queryKey: ["today"],
  queryFn: ({ signal }) => sworn.views.today(signal),
  staleTime: 5_000,
  refetchInterval: 60_000,
});

export const refreshToday = (): Promise<void> => queries.invalidateQueries({ queryKey: ["today"] });

/** Until tomorrow's shift begins, or for good. */
export async function putAside(rows: readonly TodayRow[], until: "tomorrow" | "good"): Promise<void> {
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(5, 0, 0, 0);
  await sworn.views.putAside({
    keys: rows.map(({ key }) => key),
    until: until === "good" ? null : morning.toISOString(),
  });
  await refreshToday();
}

export async function takeBack(rows?: readonly TodayRow[]): Promise<undefined> {
  await sworn.views.takeBack(rows?.map(({ key }) => key));
  await refreshToday();
}

/** Where all of a kind are seen; null where a row's own page is the only one. */
export function libraryOf({ kind }: TodayGroup, personId: string | undefined): Record<string, string> | null {
  const all: Readonly<Partial<Record<TodayKind, Record<string, string>>>> = {
    uncategorised: { is: "uncategorised", ...(personId === undefined ? {} : { person: personId }) },
    incomplete: { is: "incomplete" },
    "not-playable": { is: "not-playable" },
  };
  return all[kind] ?? null;
}

/** Done, or to be done again. */
export async function setTaskDone(
  matter: { readonly kind: "incident" | "case"; readonly id: string },
  taskId: string,
  done: boolean,
): Promise<void> {
  await (matter.kind === "incident" ? sworn.incidents : sworn.cases).changeTask(matter.id, taskId, { done });
  await refreshToday();
}

/** How many things wait, for the navigation. */
export function waitingIn(groups: readonly TodayGroup[]): { readonly count: number; readonly capped: boolean } {
  return {
    count: groups.reduce((sum, { count }) => sum + count, 0),
    capped: groups.some(({ capped }) => capped),
  };
}

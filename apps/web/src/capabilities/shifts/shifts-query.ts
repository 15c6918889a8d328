import type { Assignment, ShiftChoices } from "@sworn/contract";
import { queries, sworn } from "../../app/server.ts";
import { fromLocal } from "../../ui/format/local-time.ts";
import { dayIn } from "../../ui/format/day.ts";

/** When this day began on the agency's walls. */
export function dayBegan(zone: string): string {
  return fromLocal(`${dayIn(zone)}T00:00`, zone) ?? new Date().toISOString();
}

export const choicesQuery = {
  queryKey: ["shifts", "choices"],
  queryFn: ({ signal }: { signal: AbortSignal }) => sworn.shifts.choices(signal),
};

/** Shifts that touch the time since, or that began before. */
export const shiftsQuery = (which: "today" | "earlier", began: string) => ({
  queryKey: ["shifts", which, began],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    sworn.shifts.list(
      {
        limit: which === "today" ? 200 : 50,
        ...(which === "today" ? { from: began } : { to: began }),
        ...(pageParam === null ? {} : { next: pageParam }),
      },
      signal,
    ),
  getNextPageParam: (page: { next: string | null }) => page.next,
});

/** A recording's wearer may have changed with it: what shows items asks again, too. */
export async function refreshShifts(): Promise<void> {
  await Promise.all(["shifts", "library", "evidence"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

type People = ShiftChoices["people"];
/** How the list of suggestions names somebody. */
export const suggested = ({ badge, name }: People[number]): string => (badge === null ? name : `${badge} · ${name}`);

/** The person that a badge, a name that only one has, or a suggestion means; else what was typed, for the server. */
export function meant(typed: string, people: People): string {
  const text = typed.trim().toLowerCase();
  const byBadge = people.find(({ badge }) => badge?.toLowerCase() === text);
  if (byBadge !== undefined) return byBadge.id;
  const others = people.filter((one) => [one.name, suggested(one)].some((name) => name.toLowerCase() === text));
  const [only] = others;
  return others.length === 1 && only !== undefined ? only.id : typed.trim();
}

/** How a change is taken back: as it stood before. */
export async function setBack(before: Assignment): Promise<void> {
  await sworn.shifts.change(before.id, { person: before.person.id, from: before.from, to: before.to });
  await refreshShifts();
}

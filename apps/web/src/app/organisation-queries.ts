import type { SignInState } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "./server.ts";

// What the agency set up, asked for by several screens: under one key, so that a change of any of it is one call.

export const categoriesQuery = queryOptions({
  queryKey: ["organisation", "categories"],
  queryFn: ({ signal }) => sworn.retention.categories(signal),
});
export const unitsQuery = queryOptions({
  queryKey: ["organisation", "units"],
  queryFn: ({ signal }) => sworn.retention.units(signal),
});
export const classesQuery = queryOptions({
  queryKey: ["organisation", "classes"],
  queryFn: ({ signal }) => sworn.retention.restrictedClasses(signal),
});
export const peopleQuery = queryOptions({
  queryKey: ["organisation", "people"],
  queryFn: ({ signal }) => sworn.people.list(signal),
});

/** How accounts stand at the door, by person: for those who manage people. */
export const signInStatesQuery = queryOptions({
  queryKey: ["organisation", "sign-in-states"],
  queryFn: async ({ signal }) => {
    const states = new Map<string, SignInState>();
    for await (const state of sworn.signIn.states(signal)) states.set(state.personId, state);
    return states;
  },
});

/** After any of it changed: items show names of it, so they are asked for again as well. */
export async function refreshOrganisation(): Promise<void> {
  await Promise.all(
    ["organisation", "library", "evidence"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
  );
}

import { Attention, EvidenceKind, EvidenceState, type FacetName } from "@sworn/contract";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { knownValues, type LibraryFilter } from "./filter.ts";
import type { LibrarySearch } from "./search.ts";
import { unitChoices, type Choice } from "./unit-tree.ts";

/** Counts of one field stop here, see the server's facets. */
const mostCounted = 10_000;

export const categoriesQuery = {
  queryKey: ["categories"],
  queryFn: ({ signal }: { signal: AbortSignal }) => sworn.retention.categories(signal),
  staleTime: 60_000,
};

export interface Facet {
  readonly choices: readonly Choice[];
  readonly capped: boolean;
}
export interface Facets {
  readonly of: (field: FacetName) => Facet;
  /** What a value is called, also where no item has it. */
  readonly nameOf: (field: FacetName, value: string) => string;
  readonly counted: number;
  readonly capped: boolean;
  readonly failed: boolean;
}

/** Names once learnt: a person that no item of the present filter belongs to still has one. */
const learnt = new Map<string, string>();

/** The choices that the filter's items leave, with their counts. `enabled`: somebody looks at them. */
export function useFacets(filter: LibraryFilter, search: LibrarySearch, enabled: boolean): Facets {
  const counts = useQuery({
    queryKey: ["library", "facets", filter],
    queryFn: ({ signal }) => sworn.evidence.facets(filter, signal),
    enabled: enabled || search.person !== undefined || search.device !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
  const categories = useQuery(categoriesQuery);
  const units = useQuery({
    queryKey: ["units"],
    queryFn: ({ signal }) => sworn.retention.units(signal),
    staleTime: 60_000,
  });
  const named = useNames(search, counts.isSuccess && !counts.isPlaceholderData);
  return useMemo(() => {
    const { data } = counts;
    for (const [value, name] of named) learnt.set(value, name);
    for (const name of ["person", "device", "unit", "category"] as const)
      for (const { value, label } of data?.facets[name] ?? []) if (label !== null) learnt.set(value, label);
    for (const { id, name } of [...(categories.data?.items ?? []), ...(units.data ?? [])]) learnt.set(id, name);
    return {
      of: (field) => {
        const found = data?.facets[field] ?? [];
        const chosen = knownValues(field, search[field]);
        const choices =
          field === "unit"
            ? unitChoices(units.data ?? [], found, chosen)
            : [
                ...found.map(({ value, count }) => ({ value, label: nameOf(field, value), count })),
                ...chosen
                  .filter((value) => !found.some((one) => one.value === value))
                  .map((value) => ({ value, label: nameOf(field, value), count: 0 })),
              ];
        // A field that is filtered is counted without its own filter, over more items than the rest.
        const capped = data?.capped === true || found.reduce((sum, { count }) => sum + count, 0) > mostCounted;
        // The server reads one item more than it counts, to know that there are more.
        const counted = choices.map((choice) => ({ ...choice, count: Math.min(choice.count, mostCounted) }));
        return { choices: field === "is" ? inOrder(counted) : counted, capped };
      },
      nameOf,
      counted: data?.counted ?? 0,
      capped: data?.capped ?? false,
      failed: counts.isError,
    };
  }, [counts, named, categories.data, units.data, search]);
}

/** Where the counts do not name whom the address names, one item of theirs does. */
function useNames(search: LibrarySearch, asked: boolean): readonly (readonly [string, string])[] {
  const unknown = (["person", "device"] as const).flatMap((field) =>
    knownValues(field, search[field]).map((value) => ({ field, value })),
  );
  return useQueries({
    queries: unknown.map(({ field, value }) => ({
      queryKey: ["library", "name", field, value],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const { items } = await sworn.evidence.list({ [field]: [value], limit: 1 }, signal);
        return items[0]?.[field]?.name ?? null;
      },
      enabled: asked && !learnt.has(value),
      staleTime: Infinity,
    })),
    combine: (found) =>
      found.flatMap(({ data }, n) => {
        const value = unknown[n]?.value;
        return value === undefined || data === undefined || data === null ? [] : [[value, data] as const];
      }),
  });
}

const order: readonly string[] = Attention.options;
const inOrder = (choices: readonly Choice[]): Choice[] =>
  choices.toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));

function nameOf(field: FacetName, value: string): string {
  const say = words.library.filters;
  if (field === "kind") return named(EvidenceKind.safeParse(value), words.evidence.kinds) ?? value;
  if (field === "state") return named(EvidenceState.safeParse(value), words.evidence.states) ?? value;
  if (field === "is") return named(Attention.safeParse(value), say.attention) ?? value;
  return learnt.get(value) ?? say.unknown[field];
}

function named<Name extends string>(
  parsed: { success: true; data: Name } | { success: false; data?: undefined },
  names: Readonly<Record<Name, string>>,
): string | undefined {
  return parsed.success ? names[parsed.data] : undefined;
}

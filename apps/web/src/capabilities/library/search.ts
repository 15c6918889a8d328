import { librarySearchFields } from "@sworn/contract";

/** What the address of the library holds. Every view of it is a link; lists are separated by commas. A saved view keeps all but its own name and the day that somebody went to. */
export const searchFields = [...librarySearchFields, "view", "at"] as const;
export type SearchField = (typeof searchFields)[number];
export type LibrarySearch = { readonly [Field in SearchField]?: string };
export type SearchChange = { readonly [Field in SearchField]?: string | undefined };

/**
 * `?q=118` typed by hand arrives as a number. Fields without a value stay: left out, the router would hand on what the
 * address holds, unlooked at.
 */
export function readSearch(search: Readonly<Record<string, unknown>>): LibrarySearch {
  const text = (value: unknown): string | undefined =>
    typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : undefined;
  return Object.fromEntries(searchFields.map((field) => [field, text(search[field])]));
}

/** With a change applied and what is empty left out, in the order of the fields: the same view is the same address. */
export function changed(search: LibrarySearch, change: SearchChange): LibrarySearch {
  const next: SearchChange = { ...search, ...change };
  return Object.fromEntries(
    searchFields.flatMap((field) => {
      const value = next[field];
      return value === undefined || value === "" ? [] : [[field, value]];
    }),
  );
}

/** Everything but how it is shown. */
export function cleared(search: LibrarySearch): LibrarySearch {
  return search.as === undefined ? {} : { as: search.as };
}

export const valuesOf = (list: string | undefined): readonly string[] =>
  list === undefined ? [] : list.split(",").filter((value) => value !== "");

/** The list with this value in it, or without it where it was. */
export function toggled(list: string | undefined, value: string): string | undefined {
  const values = valuesOf(list);
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  return next.length === 0 ? undefined : next.join(",");
}

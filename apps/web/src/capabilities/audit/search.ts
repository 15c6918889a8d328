import { AuditFilter } from "@sworn/contract";

/** What the address of the audit holds: every search is a link. Lists are separated by commas. */
export const auditFields = ["actor", "subject", "device", "did", "kind", "from", "to"] as const;
export type AuditField = (typeof auditFields)[number];
export type AuditSearch = { readonly [Field in AuditField]?: string };

/** Keys without a value stay: left out, the router would hand on what the address holds, unlooked at. */
export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  return Object.fromEntries(
    auditFields.map((field) => {
      const value = search[field];
      return [field, typeof value === "string" && value !== "" ? value : undefined];
    }),
  );
}

export const valuesOf = (list: string | undefined): string[] =>
  list === undefined ? [] : list.split(",").filter((value) => value !== "");

/** With a change applied and what is empty left out: the same search is the same address. */
export function withChange(
  search: AuditSearch,
  change: { readonly [Field in AuditField]?: string | undefined },
): AuditSearch {
  const next = { ...search, ...change };
  return Object.fromEntries(auditFields.flatMap((field) => (next[field] ? [[field, next[field]]] : [])));
}

export function without(search: AuditSearch, field: AuditField, value: string): AuditSearch {
  return withChange(search, {
    [field]: valuesOf(search[field])
      .filter((each) => each !== value)
      .join(","),
  });
}

export function withValue(search: AuditSearch, field: AuditField, value: string): AuditSearch {
  return withChange(search, { [field]: [...new Set([...valuesOf(search[field]), value])].join(",") });
}

/** Only what the contract knows is asked for: an address may have been typed by hand. */
export function filterOf(search: AuditSearch): AuditFilter {
  const filter: Record<string, unknown> = {};
  for (const field of auditFields) {
    const parsed = AuditFilter.shape[field].safeParse(search[field]);
    if (parsed.success && parsed.data !== undefined) filter[field] = parsed.data;
  }
  return filter;
}

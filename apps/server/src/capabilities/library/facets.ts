import { Attention, type EvidenceFacets, type EvidenceFilter, type FacetName } from "@sworn/contract";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { attention, soughtOf } from "./filter.ts";
import { newestEvidence } from "./newest.ts";

/** Counts stop here and say so: exact ones would read the whole library for a number nobody acts on. */
export const COUNTED = 2_000;
/** Values of one facet that are named; the rest is found by the filter's own search. */
const VALUES = 50;

type Facets = Partial<EvidenceFacets["facets"]>;

/**
 * For each field, how many of the newest matching items have which value. A field that is filtered itself is counted
 * without its own filter: so that one sees what else there is to choose.
 */
export async function countFacets(
  tx: Tx,
  principal: Principal,
  filter: EvidenceFilter,
  names: readonly FacetName[],
): Promise<EvidenceFacets> {
  const shared = names.filter((name) => filter[name] === undefined);
  const base = await countOver(tx, principal, filter, shared);
  const facets: Facets = { ...base.facets };
  for (const name of names) {
    if (filter[name] === undefined) continue;
    const others = Object.fromEntries(Object.entries(filter).filter(([field]) => field !== name));
    Object.assign(facets, (await countOver(tx, principal, others, [name])).facets);
  }
  return { counted: base.counted, capped: base.capped, facets: facets as EvidenceFacets["facets"] };
}

async function countOver(
  tx: Tx,
  principal: Principal,
  filter: EvidenceFilter,
  names: readonly FacetName[],
): Promise<{ counted: number; capped: boolean; facets: Facets }> {
  const sought = await soughtOf(tx, principal, filter);
  const newest = newestEvidence(tx, principal, sought, { limit: COUNTED + 1 });
  const counts = [
    sql`select 'all' as facet, '' as value, null as label, count(*) as count from item`,
    ...names.map((name) => countOf[name]),
  ];
  const { rows } = await sql<{ facet: FacetName | "all"; value: string; label: string | null; count: number }>`
    with item as materialized (${newest}) ${sql.join(counts, sql` union all `)}`.execute(tx);
  const total = rows.find(({ facet }) => facet === "all")?.count ?? 0;
  const facets: Facets = {};
  for (const name of names)
    facets[name] = rows
      .filter(({ facet, count }) => facet === name && count > 0)
      .map(({ value, label, count }) => ({ value, label, count }))
      .toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value))
      .slice(0, VALUES);
  return { counted: Math.min(total, COUNTED), capped: total > COUNTED, facets };
}

const named = (name: "unit" | "person" | "device"): RawBuilder<unknown> =>
  sql`select ${name}::text, o.id::text, o.name, count(*) from item i
      join ${sql.table(`sworn.${name}`)} o on o.id = i.${sql.ref(`${name}_id`)} group by o.id, o.name`;

const countOf: Readonly<Record<FacetName, RawBuilder<unknown>>> = {
  kind: sql`select 'kind', kind, null, count(*) from item group by kind`,
  state: sql`select 'state', state, null, count(*) from item group by state`,
  unit: named("unit"),
  person: named("person"),
  device: named("device"),
  category: sql`select 'category', c.id::text, c.name, count(*) from item i
      join sworn.evidence_category ec on ec.evidence_id = i.id
      join sworn.category c on c.id = ec.category_id group by c.id, c.name`,
  is: sql.join(
    Attention.options.map(
      (name) => sql`select 'is', ${name}::text, null::text, count(*) filter (where ${attention[name]}) from item`,
    ),
    sql` union all `,
  ),
};

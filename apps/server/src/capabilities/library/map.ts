import { type EvidenceMap, type MapQuery, Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { lockedOut, visibleEvidence } from "../access/index.ts";
import { byTime, conditionOf } from "./filter.ts";
import { MOST_MATCHES, placeOf } from "./place.ts";

/**
 * The newest items of a filter that lie in view, gathered in square cells by the middle of their track. Bounded like
 * the facets: a map of a large agency shows its newest, and says so.
 */
export async function mapEvidence(
  tx: Tx,
  principal: Principal,
  { view, columns, ...filter }: z.output<typeof MapQuery>,
): Promise<EvidenceMap> {
  const [west = 0, south = 0, east = 0, north = 0] = view.split(",").map(Number);
  if (west >= east || south >= north)
    throw new Problem("request-malformed", "The view is west, south, east, north in degrees, west before east.");
  const inView = placeOf({ bbox: view });
  const locked = await lockedOut(tx, principal);
  const newest = tx
    .selectFrom("sworn.evidence")
    .select(["sworn.evidence.id", "title"])
    .where(visibleEvidence(principal))
    .where(await conditionOf(tx, principal, filter))
    .where(sql<boolean>`sworn.evidence.id in (${inView})`)
    .where((eb) => (locked === null ? eb.lit(true) : eb.not(locked)))
    .orderBy(byTime, "desc")
    .orderBy("sworn.evidence.id", "desc")
    .limit(MOST_MATCHES);
  const cell = (east - west) / columns;
  const { rows } = await sql<Row>`
    with item as materialized (${newest}),
    place as (
      select item.id, item.title, (min(t.west) + max(t.east)) / 2 as lon, (min(t.south) + max(t.north)) / 2 as lat
      from item join sworn.track t on t.evidence_id = item.id
      where t.west is not null group by item.id, item.title),
    cell as (
      select *, floor((lon - ${west}) / ${cell}) as x, floor((lat - ${south}) / ${cell}) as y from place)
    select avg(lon) as lon, avg(lat) as lat, count(*) as count, min(lon) as west, min(lat) as south,
           max(lon) as east, max(lat) as north, min(id::text) as id, min(title) as title
    from cell group by x, y order by count(*) desc, x, y`.execute(tx);
  const counted = rows.reduce((sum, { count }) => sum + count, 0);
  return {
    cells: rows.map(({ id, title, ...place }) => ({ ...place, evidence: place.count === 1 ? { id, title } : null })),
    counted,
    capped: counted >= MOST_MATCHES,
  };
}

interface Row {
  readonly lon: number;
  readonly lat: number;
  readonly count: number;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly id: string;
  readonly title: string;
}

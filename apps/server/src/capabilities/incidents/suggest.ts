import { Problem, type Suggestions } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { lockedOut, visibleEvidence, visibleIncident } from "../access/index.ts";
import { judge, MARGIN_MS, NEAR_DEGREES } from "./rules.ts";

/** Items of the time that are looked at, and those that are named. */
const LOOKED_AT = 500;
const NAMED = 50;
/** A recording that began longer before the incident than this is not looked for. */
const LONGEST_MS = 16 * 3_600_000;

const byTime = sql<Date>`sworn.evidence.happened_at`;

/** Items this principal may see that may belong to the incident, the likeliest first; none where it has no time. */
export async function suggest(tx: Tx, principal: Principal, id: string): Promise<Suggestions> {
  const incident = await tx
    .selectFrom("sworn.incident")
    .selectAll()
    .where("id", "=", id)
    .where(visibleIncident(principal))
    .executeTakeFirst();
  if (incident === undefined) throw new Problem("not-found");
  const from = incident.from_at ?? incident.to_at;
  if (from === null) return { items: [] };
  const to = incident.to_at ?? from;
  await sql`set local statement_timeout = '8s'`.execute(tx);
  const { lat, lon } = incident;
  const locked = await lockedOut(tx, principal);
  const near =
    lat === null || lon === null
      ? sql<boolean>`false`
      : sql<boolean>`exists (select from sworn.track t where t.evidence_id = sworn.evidence.id
          and t.south <= ${lat + NEAR_DEGREES} and t.north >= ${lat - NEAR_DEGREES}
          and t.west <= ${lon + widened(lat)} and t.east >= ${lon - widened(lat)})
          and not ${locked ?? sql<boolean>`false`}`;
  const rows = await tx
    .selectFrom("sworn.evidence")
    .leftJoin("sworn.person as p", "p.id", "sworn.evidence.person_id")
    .leftJoin("sworn.unit as u", "u.id", "sworn.evidence.unit_id")
    .select([
      "sworn.evidence.id",
      "sworn.evidence.title",
      "sworn.evidence.kind",
      "sworn.evidence.duration_ms",
      "p.id as personId",
      "p.name as personName",
      "u.id as unitId",
      "u.name as unitName",
      byTime.as("at"),
      near.as("near"),
    ])
    .where(visibleEvidence(principal))
    .where("sworn.evidence.state", "!=", "disposed")
    .where(sql<SqlBool>`${byTime} >= ${new Date(from.getTime() - LONGEST_MS)}`)
    .where(sql<SqlBool>`${byTime} <= ${new Date(to.getTime() + MARGIN_MS)}`)
    .where(sql<SqlBool>`not exists (select from sworn.incident_evidence m
        where m.evidence_id = sworn.evidence.id and m.incident_id = ${id} and m.opens)`)
    .orderBy(byTime, "desc")
    .limit(LOOKED_AT)
    .execute();
  const occasion = {
    fromMs: from.getTime(),
    toMs: to.getTime(),
    unitId: incident.unit_id,
    wearers: await wearersOf(tx, principal, id),
  };
  return {
    items: rows
      .flatMap((row) => {
        const startMs = row.at.getTime();
        const judged = judge({ ...row, startMs, endMs: startMs + (row.duration_ms ?? 0) }, occasion);
        return judged === null ? [] : [{ row, ...judged }];
      })
      .toSorted((a, b) => b.weight - a.weight || a.row.at.getTime() - b.row.at.getTime())
      .slice(0, NAMED)
      .map(({ row, reasons }) => ({
        id: row.id,
        title: row.title,
        kind: row.kind,
        recordedAt: row.at.toISOString(),
        durationMs: row.duration_ms,
        person: row.personId === null ? null : { id: row.personId, name: row.personName ?? "" },
        unit: row.unitId === null ? null : { id: row.unitId, name: row.unitName ?? "" },
        reasons,
      })),
  };
}

/** A degree of longitude is shorter towards the poles. */
const widened = (lat: number): number => NEAR_DEGREES / Math.max(Math.cos((lat * Math.PI) / 180), 0.05);

async function wearersOf(tx: Tx, principal: Principal, id: string): Promise<Set<string>> {
  const rows = await tx
    .selectFrom("sworn.evidence")
    .innerJoin("sworn.incident_evidence as m", "m.evidence_id", "sworn.evidence.id")
    .select("sworn.evidence.person_id")
    .distinct()
    .where("m.incident_id", "=", id)
    .where("m.opens", "=", true)
    .where(visibleEvidence(principal))
    .execute();
  return new Set(rows.flatMap((row) => row.person_id ?? []));
}

import { Problem, type RelatedFootage } from "@sworn/contract";
import { type SqlBool, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { lockedAmong, visibleEvidence } from "../access/index.ts";
import { FAR_MS, type Footage, relate } from "./rules.ts";

/** Items around the time that are looked at, and those that are named. */
const LOOKED_AT = 500;
const NAMED = 20;
/** A recording that began longer before than this is not looked for. */
const LONGEST_MS = 16 * 3_600_000;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly durationMs: number | null;
  readonly personId: string | null;
  readonly deviceId: string | null;
  readonly unitId: string | null;
  readonly west: number | null;
  readonly south: number | null;
  readonly east: number | null;
  readonly north: number | null;
}

/** Other footage of the same time and place that this principal may see. Problem: not-found. */
export async function findRelated(tx: Tx, principal: Principal, id: string): Promise<RelatedFootage> {
  const self = await readable(tx, principal).where("sworn.evidence.id", "=", id).executeTakeFirst();
  if (self === undefined) throw new Problem("not-found");
  await sql`set local statement_timeout = '8s'`.execute(tx);
  const locked = await lockedAmong(tx, principal, [id]);
  const footage = footageOf(self, locked);
  const rows = await readable(tx, principal)
    .where("sworn.evidence.id", "!=", id)
    .where("sworn.evidence.state", "!=", "disposed")
    .where("sworn.evidence.happened_at", ">=", new Date(footage.startMs - LONGEST_MS))
    .where("sworn.evidence.happened_at", "<=", new Date(footage.endMs + FAR_MS))
    // What was made from it, or from the same original, stands in its tree already.
    .where(
      sql<SqlBool>`not exists (select from sworn.derivation d where d.evidence_id in (${id}, sworn.evidence.id)
        and (d.source_id = sworn.evidence.id or d.source_id = ${id}))`,
    )
    .orderBy(sql`abs(extract(epoch from sworn.evidence.happened_at - ${self.at}))`)
    .limit(LOOKED_AT)
    .execute();
  const others = await lockedAmong(
    tx,
    principal,
    rows.map((row) => row.id),
  );
  return {
    items: rows
      .flatMap((row) => {
        const relation = relate(footage, footageOf(row, others));
        return relation === null ? [] : [{ row, relation }];
      })
      .toSorted((a, b) => b.relation.weight - a.relation.weight || a.row.at.getTime() - b.row.at.getTime())
      .slice(0, NAMED)
      .map(({ row, relation: { beginsAfterMs, overlapMs, distanceM, reasons } }) => ({
        id: row.id,
        title: row.title,
        kind: row.kind,
        recordedAt: row.at.toISOString(),
        durationMs: row.durationMs,
        person: row.personId === null ? null : { id: row.personId, name: row.personName ?? "" },
        device: row.deviceId === null ? null : { id: row.deviceId, name: row.deviceName ?? "" },
        beginsAfterMs,
        overlapMs,
        distanceM,
        reasons,
      })),
  };
}

/** Where footage was is part of what a lock keeps from somebody: then only its time and its people relate it. */
function footageOf(row: Row, locked: ReadonlySet<string>): Footage {
  const { west, south, east, north } = row;
  const startMs = row.at.getTime();
  const known = !locked.has(row.id) && west !== null && south !== null && east !== null && north !== null;
  return {
    startMs,
    endMs: startMs + (row.durationMs ?? 0),
    personId: row.personId,
    deviceId: row.deviceId,
    unitId: row.unitId,
    area: known ? { west, south, east, north } : null,
  };
}

function readable(tx: Tx, principal: Principal) {
  const area = tx
    .selectFrom("sworn.track")
    .select((eb) => [
      "evidence_id",
      eb.fn.min("west").as("west"),
      eb.fn.min("south").as("south"),
      eb.fn.max("east").as("east"),
      eb.fn.max("north").as("north"),
    ])
    .where(sql<SqlBool>`sworn.track.evidence_id = sworn.evidence.id`)
    .groupBy("evidence_id");
  return tx
    .selectFrom("sworn.evidence")
    .leftJoin("sworn.person as p", "p.id", "sworn.evidence.person_id")
    .leftJoin("sworn.device as c", "c.id", "sworn.evidence.device_id")
    .leftJoinLateral(area.as("t"), (join) => join.onTrue())
    .select([
      "sworn.evidence.id",
      "sworn.evidence.title",
      "sworn.evidence.kind",
      "sworn.evidence.happened_at as at",
      "sworn.evidence.duration_ms as durationMs",
      "sworn.evidence.unit_id as unitId",
      "p.id as personId",
      "p.name as personName",
      "c.id as deviceId",
      "c.name as deviceName",
      "t.west",
      "t.south",
      "t.east",
      "t.north",
    ])
    .where(visibleEvidence(principal));
}

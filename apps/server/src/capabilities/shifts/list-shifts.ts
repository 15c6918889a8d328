import type { Assignment, AssignmentList, ShiftChoices, ShiftFilter } from "@sworn/contract";
import { type Selectable, type SqlBool, sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { AssignmentTable } from "../../ports/matter-tables.ts";
import { actorNames } from "../identity/index.ts";
import { fromCursor, toCursor } from "../library/index.ts";

type Row = Selectable<AssignmentTable>;

/** Assignments, the latest first: all, those that touch a time, or those not brought back yet. */
export async function listShifts(
  tx: Tx,
  { from, to, open, limit, next }: z.output<typeof ShiftFilter>,
): Promise<AssignmentList> {
  let query = tx.selectFrom("sworn.assignment").selectAll().where("withdrawn_at", "is", null);
  if (from !== undefined) query = query.where(sql<SqlBool>`(to_at is null or to_at > ${new Date(from)})`);
  if (to !== undefined) query = query.where("from_at", "<", new Date(to));
  if (open === "1") query = query.where("to_at", "is", null);
  if (next !== undefined) {
    const { at, id } = fromCursor(next);
    query = query.where(sql<SqlBool>`(from_at, id) < (${at}, ${id}::uuid)`);
  }
  const rows = await query
    .orderBy("from_at", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await describeShifts(tx, page),
    next: last === undefined ? null : toCursor({ at: last.from_at, id: last.id }),
  };
}

export async function describeShifts(tx: Tx, rows: readonly Row[]): Promise<Assignment[]> {
  if (rows.length === 0) return [];
  const ids = (of: (row: Row) => string): string[] => [...new Set(rows.map(of))];
  const devices = await tx
    .selectFrom("sworn.device")
    .select(["id", "name"])
    .where(
      "id",
      "in",
      ids((row) => row.device_id),
    )
    .execute();
  const people = await tx
    .selectFrom("sworn.person")
    .select(["id", "name", "badge"])
    .where(
      "id",
      "in",
      ids((row) => row.person_id),
    )
    .execute();
  const makers = await actorNames(
    tx,
    ids((row) => row.created_by),
  );
  const deviceOf = new Map(devices.map((device) => [device.id, device.name]));
  const personOf = new Map(people.map((person) => [person.id, person]));
  return rows.map((row) => ({
    id: row.id,
    device: { id: row.device_id, name: deviceOf.get(row.device_id) ?? "" },
    person: {
      id: row.person_id,
      name: personOf.get(row.person_id)?.name ?? "",
      badge: personOf.get(row.person_id)?.badge ?? null,
    },
    from: row.from_at.toISOString(),
    to: row.to_at?.toISOString() ?? null,
    withdrawn: row.withdrawn_at !== null,
    createdBy: makers.get(row.created_by) ?? null,
  }));
}

/** Cameras and people that this principal may bring together. */
export async function listChoices(tx: Tx, { roles, scope }: Principal): Promise<z.output<typeof ShiftChoices>> {
  const devices = await tx
    .selectFrom("sworn.device")
    .select(["id", "name"])
    .where("revoked_at", "is", null)
    .orderBy("name")
    .limit(5000)
    .execute();
  const units = roles.includes("custodian") ? (scope?.within ?? "all") : (scope?.units ?? []);
  let people = tx.selectFrom("sworn.person").select(["id", "name", "badge"]).where("disabled_at", "is", null);
  if (units !== "all") people = people.where((eb) => (units.length === 0 ? eb.lit(false) : eb("unit_id", "in", units)));
  return { devices, people: await people.orderBy("name").limit(5000).execute() };
}

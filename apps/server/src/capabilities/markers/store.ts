import { type Marker, type MarkerPlace, Problem } from "@sworn/contract";
import { type Selectable, sql, type SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { MarkerTable } from "../../ports/annotation-tables.ts";
import { lockedAmong, visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";
import { mayChange } from "./rules.ts";

export type MarkerRow = Selectable<MarkerTable>;

export function placeOf(row: Pick<MarkerRow, "take" | "from_ms" | "to_ms">): MarkerPlace | null {
  return row.take === null || row.from_ms === null ? null : { take: row.take, fromMs: row.from_ms, toMs: row.to_ms };
}

/** The parts of an item and how long each is; null where that is not known (yet). */
export async function partsOf(tx: Tx, evidenceId: string): Promise<Map<number, number | null>> {
  const takes = await tx
    .selectFrom("sworn.take")
    .select(["take", "state", "duration_ms"])
    .where("recording_id", "=", evidenceId)
    .execute();
  if (takes.length > 0)
    return new Map(takes.map(({ take, state, duration_ms }) => [take, state === "open" ? null : duration_ms]));
  const item = await tx
    .selectFrom("sworn.evidence")
    .select("duration_ms")
    .where("id", "=", evidenceId)
    .executeTakeFirst();
  return new Map([[0, item?.duration_ms ?? null]]);
}

/** The order of a time line: what is about the whole item first, then part by part. */
const take = sql<number>`coalesce(take, -1)`;
const from = sql<number>`coalesce(from_ms, -1)`;
export interface Place {
  readonly take: number;
  readonly from: number;
  readonly id: string;
}

export async function findMarkers(
  tx: Tx,
  evidenceId: string,
  { after, by }: { readonly after: Place | null; readonly by: string | null },
  limit: number,
): Promise<MarkerRow[]> {
  let query = tx
    .selectFrom("sworn.marker")
    .selectAll()
    .where("evidence_id", "=", evidenceId)
    .where("removed_at", "is", null);
  if (by !== null) query = query.where("created_by", "=", by);
  if (after !== null)
    query = query.where(
      sql<SqlBool>`(${take}, ${from}, id) > (${after.take}::int, ${after.from}::int8, ${after.id}::uuid)`,
    );
  return await query.orderBy(take).orderBy(from).orderBy("id").limit(limit).execute();
}

/** Rows as the API shows them. Who was named and may not see the item any more stays named: it is in the text. */
export async function describeMarkers(tx: Tx, principal: Principal, rows: readonly MarkerRow[]): Promise<Marker[]> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return [];
  const mentions = await tx
    .selectFrom("sworn.mention")
    .select(["marker_id", "person_id"])
    .where("marker_id", "in", ids)
    .orderBy("person_id")
    .execute();
  const people = [...rows.map((row) => row.created_by), ...mentions.map(({ person_id }) => person_id)];
  const names = await actorNames(tx, [...new Set(people)]);
  const person = (id: string): { id: string; name: string } => ({ id, name: names.get(id) ?? "" });
  const made = await visibleAmong(
    tx,
    principal,
    rows.flatMap((row) => row.derivative_id ?? []),
  );
  const named = Map.groupBy(mentions, ({ marker_id }) => marker_id);
  return rows.map((row) => ({
    id: row.id,
    evidenceId: row.evidence_id,
    kind: row.kind,
    place: placeOf(row),
    // A still's marker is named as the still is: a name that is not theirs to read is not there.
    label: row.derivative_id === null || made.has(row.derivative_id) ? row.label : "",
    note: row.derivative_id === null || made.has(row.derivative_id) ? row.note : "",
    mentions: (named.get(row.id) ?? []).map(({ person_id }) => person(person_id)),
    derivativeId: row.derivative_id !== null && made.has(row.derivative_id) ? row.derivative_id : null,
    version: row.version,
    createdBy: person(row.created_by),
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at?.toISOString() ?? null,
    removedAt: row.removed_at?.toISOString() ?? null,
    mine: mayChange(principal, row),
  }));
}

/** Whether what a marker says is theirs to read: of a still that they may not see, it is not. */
export async function mayName(
  tx: Tx,
  principal: Principal,
  { derivative_id: still }: Pick<MarkerRow, "derivative_id">,
): Promise<boolean> {
  return still === null || (await visibleAmong(tx, principal, [still])).has(still);
}

/** Throws `statement-first` for what others noted on an item that is locked for this principal. */
export async function assertReadable(
  tx: Tx,
  principal: Principal,
  { evidence_id: id, created_by: by }: Pick<MarkerRow, "evidence_id" | "created_by">,
): Promise<void> {
  if (by === principal.actorId) return;
  if ((await lockedAmong(tx, principal, [id])).has(id)) throw new Problem("statement-first");
}

async function visibleAmong(tx: Tx, principal: Principal, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select("id")
    .where("id", "in", ids)
    .where(visibleEvidence(principal))
    .execute();
  return new Set(rows.map(({ id }) => id));
}

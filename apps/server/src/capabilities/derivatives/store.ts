import { Problem, type Rendering } from "@sworn/contract";
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import type { RenderingTable } from "../../ports/annotation-tables.ts";
import type { Tables } from "../../ports/tables.ts";
import { visibleEvidence } from "../access/index.ts";
import { actorNames } from "../identity/index.ts";

export type RenderingRow = Selectable<RenderingTable>;

export async function findRendering(tx: Tx, id: string): Promise<RenderingRow | undefined> {
  return await tx.selectFrom("sworn.rendering").selectAll().where("id", "=", id).executeTakeFirst();
}

/** What was made may be restricted by itself: then who sees the original alone hears of neither its title nor that it is. */
export function mayKnow(
  principal: Principal,
): (eb: ExpressionBuilder<Tables, "sworn.rendering">) => Expression<SqlBool> {
  return (eb) =>
    eb.or([
      eb("sworn.rendering.state", "!=", "done"),
      eb.exists(
        eb
          .selectFrom("sworn.evidence")
          .select("sworn.evidence.id")
          .whereRef("sworn.evidence.id", "=", "sworn.rendering.id")
          .where(visibleEvidence(principal)),
      ),
    ]);
}

export async function assertKnows(tx: Tx, principal: Principal, id: string): Promise<void> {
  const query = tx.selectFrom("sworn.rendering").select("id").where("id", "=", id).where(mayKnow(principal));
  if ((await query.executeTakeFirst()) === undefined) throw new Problem("not-found");
}

/** The row, held until the transaction ends. */
export async function lockRendering(tx: Tx, id: string): Promise<RenderingRow | undefined> {
  return await tx.selectFrom("sworn.rendering").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

export async function setRendering(
  tx: Tx,
  id: string,
  set: Partial<Pick<RenderingRow, "state" | "permille" | "code" | "detail" | "ended_at">>,
): Promise<void> {
  await tx.updateTable("sworn.rendering").set(set).where("id", "=", id).execute();
}

export async function describeRenderings(tx: Tx, rows: readonly RenderingRow[]): Promise<Rendering[]> {
  const names = await actorNames(tx, [...new Set(rows.map(({ asked_by }) => asked_by))]);
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    kind: row.kind,
    take: row.take,
    fromMs: row.from_ms,
    toMs: row.to_ms,
    title: row.title,
    state: row.state,
    permille: row.permille,
    code: row.code,
    detail: row.detail,
    askedBy: { id: row.asked_by, name: names.get(row.asked_by) ?? "" },
    askedAt: row.asked_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  }));
}

export interface Source {
  readonly fileId: string;
  readonly sha256: Uint8Array;
  /** Of this part, where it is known. */
  readonly durationMs: number | null;
  /** How far this part begins after the first. */
  readonly afterMs: number;
}

/** The original of one part, once it is stored. */
export async function findSource(tx: Tx, evidenceId: string, take: number): Promise<Source | undefined> {
  const file = await tx
    .selectFrom("sworn.file")
    .select(["id", "sha256"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "original")
    .where("take", "=", take)
    .where("state", "=", "stored")
    .executeTakeFirst();
  if (file?.sha256 == null) return undefined;
  const takes = await tx
    .selectFrom("sworn.take")
    .select(["take", "duration_ms", "opened_at"])
    .where("recording_id", "=", evidenceId)
    .where("take", "in", [0, take])
    .orderBy("take")
    .execute();
  const own = takes.find((each) => each.take === take);
  const item = await tx
    .selectFrom("sworn.evidence")
    .select("duration_ms")
    .where("id", "=", evidenceId)
    .executeTakeFirst();
  const first = takes[0]?.opened_at.getTime() ?? 0;
  return {
    fileId: file.id,
    sha256: file.sha256,
    durationMs: own === undefined ? (item?.duration_ms ?? null) : own.duration_ms,
    afterMs: own === undefined ? 0 : Math.max(0, own.opened_at.getTime() - first),
  };
}

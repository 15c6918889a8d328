import { TimeSource } from "@sworn/contract";
import { decideRetention, type RetentionDecision } from "@sworn/core/retention";
import type { Selectable } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { categoriesOf, readSchedule, type Schedule } from "./store.ts";

type Row = Pick<Selectable<EvidenceTable>, "id" | "recorded_at" | "received_at" | "time_source" | "holds">;

/** A clock that nobody in the field can set. */
const TRUSTED: readonly TimeSource[] = ["gnss", "ntp", "server"];

export function decide(row: Row, categoryIds: readonly string[], schedule: Schedule): RetentionDecision {
  const source = TimeSource.catch("unknown").parse(row.time_source);
  return decideRetention({
    timeZone: schedule.timeZone,
    receivedAt: row.received_at.toISOString(),
    capturedAt: row.recorded_at?.toISOString() ?? null,
    captureTimeTrusted: TRUSTED.includes(source),
    categories: categoryIds.flatMap((id) => schedule.categories.get(id) ?? []),
    uncategorised: schedule.uncategorised,
    holds: row.holds > 0 ? [{ id: row.id, reason: "" }] : [],
  });
}

/** Writes down for the lists what holds for these items now. Same transaction as what changed. */
export async function decideAgain(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const schedule = await readSchedule(tx);
  const rows = await tx
    .selectFrom("sworn.evidence")
    .select(["id", "recorded_at", "received_at", "time_source", "holds"])
    .where("id", "in", ids)
    .execute();
  const categories = await categoriesOf(tx, ids);
  for (const row of rows) {
    const { keepUntil, disposableFrom } = decide(row, categories.get(row.id) ?? [], schedule);
    const disposable_from = disposableFrom === null ? null : new Date(disposableFrom);
    await tx
      .updateTable("sworn.evidence")
      .set({ keep_until: keepUntil, disposable_from })
      .where("id", "=", row.id)
      .execute();
  }
}

import { TimeSource } from "@sworn/contract";
import { decideRetention, type RetentionDecision } from "@sworn/core/retention";
import { type Selectable, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { categoriesOf, readSchedule, type Schedule } from "./store.ts";

const columns = [
  "id",
  "state",
  "recorded_at",
  "received_at",
  "stored_at",
  "duration_ms",
  "time_source",
  "holds",
  "keep_until",
  "disposable_from",
] as const;
type Row = Pick<Selectable<EvidenceTable>, (typeof columns)[number]>;

/** A clock that nobody in the field can set. */
const TRUSTED: readonly TimeSource[] = ["gnss", "ntp", "server"];
/**
 * The source is the camera's own word, and a part may join a recording weeks later: a capture that ended longer than
 * this before the last byte came is not counted from. At worst an item is kept a little longer.
 */
const PROMPT_MS = 24 * 60 * 60 * 1000;

export function decide(row: Row, categoryIds: readonly string[], schedule: Schedule): RetentionDecision {
  const source = TimeSource.catch("unknown").parse(row.time_source);
  const received = row.stored_at ?? row.received_at;
  const ended = (row.recorded_at?.getTime() ?? 0) + (row.duration_ms ?? 0);
  const prompt = received.getTime() - ended <= PROMPT_MS;
  return decideRetention({
    timeZone: schedule.timeZone,
    receivedAt: received.toISOString(),
    capturedAt: row.recorded_at?.toISOString() ?? null,
    captureTimeTrusted: TRUSTED.includes(source) && prompt,
    categories: categoryIds.flatMap((id) => schedule.categories.get(id) ?? []),
    uncategorised: schedule.uncategorised,
    holds: row.holds > 0 ? [{ id: row.id, reason: "" }] : [],
  });
}

/** Writes down for the lists what holds for these items now. Same transaction as what changed. */
export async function decideAgain(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const schedule = await readSchedule(tx);
  const rows = await tx.selectFrom("sworn.evidence").select(columns).where("id", "in", ids).execute();
  const categories = await categoriesOf(tx, ids);
  const changed = rows.flatMap((row) => {
    const { keepUntil, disposableFrom } = decide(row, categories.get(row.id) ?? [], schedule);
    // What still comes in is disposable never: its period has not begun.
    const ends = row.state === "stored" || row.state === "incomplete" ? disposableFrom : null;
    const same = keepUntil === row.keep_until && (row.disposable_from?.toISOString() ?? null) === ends;
    return same ? [] : [{ id: row.id, keepUntil, ends }];
  });
  if (changed.length === 0) return;
  // One statement, and only rows that differ: a changed rule goes through millions.
  await sql`update sworn.evidence e set keep_until = c.keep_until, disposable_from = c.disposable_from
    from unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ keepUntil }) => keepUntil)}::date[],
                ${changed.map(({ ends }) => ends)}::timestamptz[]) as c (id, keep_until, disposable_from)
    where e.id = c.id`.execute(tx);
}

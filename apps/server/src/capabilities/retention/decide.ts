import { TimeSource } from "@sworn/contract";
import { decideRetention, type RetentionDecision } from "@sworn/core/retention";
import { type Selectable, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { EvidenceTable } from "../../ports/tables.ts";
import { ancestorsOf, descendantsOf } from "../access/index.ts";
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
  "time_offset_ms",
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
  // What the source said, whatever somebody corrected since: a correction may lengthen the period and never shortens it.
  const said = row.recorded_at === null ? null : row.recorded_at.getTime() - row.time_offset_ms;
  const ended = (said ?? 0) + (row.duration_ms ?? 0);
  const prompt = received.getTime() - ended <= PROMPT_MS;
  const captured = said === null ? null : Math.max(said, said + row.time_offset_ms);
  return decideRetention({
    timeZone: schedule.timeZone,
    receivedAt: received.toISOString(),
    capturedAt: captured === null ? null : new Date(captured).toISOString(),
    captureTimeTrusted: TRUSTED.includes(source) && prompt,
    categories: categoryIds.flatMap((id) => schedule.categories.get(id) ?? []),
    uncategorised: schedule.uncategorised,
    holds: row.holds > 0 ? [{ id: row.id, reason: "" }] : [],
  });
}

export interface FamilyDecision extends RetentionDecision {
  /** The item it was made from, where that is kept longer and this one therefore with it. */
  readonly follows: string | null;
}

/** As `decide`, and what was made from an item is kept at least as long as that: a hold on the original holds it, too. */
export async function decideFamilies(
  tx: Tx,
  rows: readonly Row[],
  schedule: Schedule,
): Promise<Map<string, FamilyDecision>> {
  const ids = rows.map(({ id }) => id);
  const sourceOf = new Map((await ancestorsOf(tx, ids)).map(({ id, sourceId }) => [id, sourceId]));
  const missing = [...new Set(sourceOf.values())].filter((id) => !ids.includes(id));
  const sources =
    missing.length === 0
      ? []
      : await tx.selectFrom("sworn.evidence").select(columns).where("id", "in", missing).execute();
  const all = new Map([...rows, ...sources].map((row) => [row.id, row]));
  const categories = await categoriesOf(tx, [...all.keys()]);
  const decided = new Map<string, FamilyDecision>();
  const decisionOf = (row: Row): FamilyDecision => {
    const known = decided.get(row.id);
    if (known !== undefined) return known;
    const own = { ...decide(row, categories.get(row.id) ?? [], schedule), follows: null };
    const sourceId = sourceOf.get(row.id);
    const source = sourceId === undefined ? undefined : all.get(sourceId);
    const decision = source === undefined ? own : longer(own, { ...decisionOf(source), follows: source.id });
    decided.set(row.id, decision);
    return decision;
  };
  return new Map(rows.map((row) => [row.id, decisionOf(row)]));
}

/** Without end is the longest; of equals the item's own. What holds one of them holds. */
function longer(own: FamilyDecision, source: FamilyDecision): FamilyDecision {
  const later = own.keepUntil !== null && (source.keepUntil === null || source.keepUntil > own.keepUntil);
  const chosen = later ? source : own;
  const heldBy = [...own.heldBy, ...source.heldBy];
  return { ...chosen, heldBy, disposableFrom: heldBy.length > 0 ? null : chosen.disposableFrom };
}

/** Writes down for the lists what holds for these items now. What was made from them goes with them. Same transaction as what changed. */
export async function decideAgain(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const schedule = await readSchedule(tx);
  const all = [...new Set([...ids, ...(await descendantsOf(tx, ids)).map(({ id }) => id)])];
  const rows = await tx.selectFrom("sworn.evidence").select(columns).where("id", "in", all).execute();
  const decisions = await decideFamilies(tx, rows, schedule);
  const changed = rows.flatMap((row) => {
    const decision = decisions.get(row.id);
    if (decision === undefined) return [];
    const { keepUntil, disposableFrom } = decision;
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

import { sql } from "kysely";
import type { Database, Tx } from "../../ports/database.ts";
import type { SpoolPlace } from "../../ports/spool.ts";
import type { TakeTable } from "../../ports/tables.ts";
import type { TakeTail } from "./rules.ts";

/** A take with what of its recording decides about it. */
export interface TakeRow {
  readonly id: string;
  readonly recordingId: string;
  readonly take: number;
  readonly fileId: string;
  readonly state: TakeTable["state"];
  readonly recordingState: "live" | "sealing" | "closed" | "interrupted";
  readonly deviceId: string;
  readonly fragments: number;
  readonly storedFragments: number;
  readonly initSha256: Uint8Array | null;
  readonly tail: unknown;
}

export async function findTake(tx: Tx, recordingId: string, take: number): Promise<TakeRow | undefined> {
  return await takes(tx).where("take.recording_id", "=", recordingId).where("take.take", "=", take).executeTakeFirst();
}

export async function findTakeById(tx: Tx, id: string): Promise<TakeRow | undefined> {
  return await takes(tx).where("take.id", "=", id).executeTakeFirst();
}

function takes(tx: Tx) {
  return tx
    .selectFrom("sworn.take as take")
    .innerJoin("sworn.recording as recording", "recording.id", "take.recording_id")
    .select([
      "take.id",
      "take.recording_id as recordingId",
      "take.take",
      "take.file_id as fileId",
      "take.state",
      "recording.state as recordingState",
      "recording.device_id as deviceId",
      "take.fragments",
      "take.stored_fragments as storedFragments",
      "take.init_sha256 as initSha256",
      "take.tail",
    ]);
}

/** A fragment that is durable in the spool and about to be promised. `n` is -1 for the init segment. */
export interface ReceivedRow {
  readonly takeId: string;
  readonly n: number;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly place: SpoolPlace;
  readonly tail: TakeTail;
}

/**
 * Inserts the rows of one group and moves their takes on, each only if it is open and stands exactly before this
 * fragment. Answers the takes that moved: for the others nothing was written (another process moved or closed them).
 */
export async function insertReceived(
  tx: Tx,
  agencyId: string,
  rows: readonly ReceivedRow[],
  now: Date,
): Promise<Set<string>> {
  const given = rows.map((row) => ({
    take_id: row.takeId,
    n: row.n,
    sha256: Buffer.from(row.sha256).toString("hex"),
    size: row.size,
    start_ms: row.startMs,
    duration_ms: row.durationMs,
    node: row.place.node,
    segment: row.place.segment,
    offset: row.place.offset,
    sealed: row.place.size,
    tail: row.tail,
  }));
  const moved = await sql<{ take_id: string }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(take_id uuid, n integer, sha256 text, size integer,
        start_ms bigint, duration_ms integer, node text, segment text, "offset" bigint, sealed integer, tail jsonb)
    ), moved as (
      update sworn.take t
         set fragments = g.n + 1, tail = g.tail, size = t.size + g.size, last_byte_at = ${now},
             init_sha256 = case when g.n = -1 then decode(g.sha256, 'hex') else t.init_sha256 end,
             duration_ms = case when g.n = -1 then null else coalesce(t.duration_ms, 0) + g.duration_ms end
        from (select * from given order by take_id) g
       where t.id = g.take_id and t.state = 'open' and t.fragments = greatest(g.n, 0)
         and (t.init_sha256 is null) = (g.n = -1)
      returning t.id
    )
    insert into sworn.fragment (take_id, n, agency_id, sha256, size, start_ms, duration_ms,
                                spool_node, spool_segment, spool_offset, spool_size, received_at)
    select g.take_id, g.n, ${agencyId}, decode(g.sha256, 'hex'), g.size, g.start_ms, g.duration_ms,
           g.node, g.segment, g."offset", g.sealed, ${now}
      from given g join moved on moved.id = g.take_id
    returning take_id`.execute(tx);
  return new Set(moved.rows.map((row) => row.take_id));
}

export async function findFragment(
  tx: Tx,
  takeId: string,
  n: number,
): Promise<{ sha256: Uint8Array; size: number; place: SpoolPlace | null; fileOffset: number | null } | undefined> {
  const row = await tx
    .selectFrom("sworn.fragment")
    .selectAll()
    .where("take_id", "=", takeId)
    .where("n", "=", n)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { sha256: row.sha256, size: row.size, place: placeOf(row), fileOffset: row.file_offset };
}

export interface KnownFragment {
  readonly n: number;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly durationMs: number | null;
  /** Where it begins in the take's file; null while it lies in a spool. */
  readonly fileOffset: number | null;
}

/** A day of fragments has 86,400 rows: they are never all in memory. */
const ROWS_AT_ONCE = 2000;

/** A take's fragments from number `from` (-1: the init segment) up to, without, `end`, in order; each page a transaction. */
export async function* eachFragment(
  database: Database,
  agencyId: string,
  takeId: string,
  from: number,
  end = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<KnownFragment> {
  for (let next = from; ;) {
    const rows = await database.forAgency(agencyId, (tx) =>
      tx
        .selectFrom("sworn.fragment")
        .select(["n", "sha256", "size", "duration_ms as durationMs", "file_offset as fileOffset"])
        .where("take_id", "=", takeId)
        .where("n", ">=", next)
        .where("n", "<", Math.min(end, 2 ** 31 - 1))
        .orderBy("n")
        .limit(ROWS_AT_ONCE)
        .execute(),
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    next = last.n + 1;
  }
}

/** Whether a fragment of the take still waits in a spool, this node's or another's. */
export async function hasSpooled(tx: Tx, takeId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("sworn.fragment")
    .select("n")
    .where("take_id", "=", takeId)
    .where("spool_node", "is not", null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

interface PlaceColumns {
  spool_node: string | null;
  spool_segment: string | null;
  spool_offset: number | null;
  spool_size: number | null;
}

export function placeOf(row: PlaceColumns): SpoolPlace | null {
  if (row.spool_node === null || row.spool_segment === null || row.spool_offset === null || row.spool_size === null)
    return null;
  return { node: row.spool_node, segment: row.spool_segment, offset: row.spool_offset, size: row.spool_size };
}

/** A node other than this one that holds the take's newest bytes, or null. */
export async function findOtherNode(tx: Tx, takeId: string, node: string): Promise<string | null> {
  const row = await tx
    .selectFrom("sworn.fragment")
    .select("spool_node")
    .where("take_id", "=", takeId)
    .where("spool_node", "is not", null)
    .where("spool_node", "!=", node)
    .limit(1)
    .executeTakeFirst();
  return row?.spool_node ?? null;
}

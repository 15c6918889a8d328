import { createFrontier, type FrontierState, hashFragmentLeaf } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { sql } from "kysely";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Spool, SpoolPlace } from "../../ports/spool.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, admitSpan, discardSpan, recordSpan } from "../intake/index.ts";
import { pickRun } from "./rules.ts";
import { openFragment } from "./seal-fragment.ts";
import { eachFragment, findTakeById, hasSpooled, placeOf } from "./store.ts";

export interface RollDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly spool: Spool;
  readonly spoolKeyOf: (agencyId: string, recordingId: string) => Promise<Uint8Array>;
  /** Frontiers of takes that are being rolled, by take id; only a memory, read again from the rows where it misses. */
  readonly frontiers: Map<string, FrontierState>;
}

const MOST_FRONTIERS = 10_000;

interface Run {
  readonly recordingId: string;
  readonly take: number;
  readonly fileId: string;
  readonly seq: number;
  readonly startOffset: number;
  readonly storedFragments: number;
  readonly rows: readonly { n: number; sha256: Uint8Array; size: number; place: SpoolPlace }[];
}

/**
 * Turns the next run of a take's spooled fragments into one span: opened, matched, sealed by intake, read back, and
 * only then named by rows, in one transaction with its take.root event. Answers its bytes; 0: there was nothing to do.
 * Stopped anywhere before the commit it is done again; an object that no row names is the orphan search's.
 */
export async function rollTake(deps: RollDeps, agencyId: string, takeId: string): Promise<number> {
  const run = await deps.database.forAgency(agencyId, (tx) => readRun(tx, takeId, deps.spool.node));
  if (run === null) return 0;
  const { recordingId, fileId, seq, startOffset } = run;
  const key = await deps.spoolKeyOf(agencyId, recordingId);
  const bytes = readPlain(deps.spool, key, run);
  const span = await admitSpan(deps, { agencyId, evidenceId: recordingId, fileId, seq, startOffset, bytes });
  const frontier = await restoreFrontier(deps, agencyId, takeId, run.storedFragments);
  for (const row of run.rows) if (row.n >= 0) frontier.append(hashFragmentLeaf(row.sha256, nodeSha256));

  const written = await deps.database.forAgency(agencyId, async (tx) => {
    const moved = await moveTake(tx, takeId, run, new Date(deps.clock.now()));
    if (moved === null) return false;
    await recordSpan(tx, span);
    await placeFragments(tx, takeId, run);
    await tx
      .updateTable("sworn.evidence")
      .set((eb) => ({ size: eb("size", "+", span.size) }))
      .where("id", "=", recordingId)
      .execute();
    if (frontier.size > 0) {
      await append(tx, deps.custody, agencyId, {
        kind: "take.root",
        subject: { kind: "evidence", id: recordingId },
        actorId: null,
        hashes: { fragmentRoot: Buffer.from(frontier.root()).toString("hex") },
        details: { take: run.take, n: frontier.size - 1, size: startOffset + span.size },
      });
    }
    if (moved.state !== "open" && !(await hasSpooled(tx, takeId)))
      await deps.jobs.send(tx, "seal-take", { agencyId, id: takeId });
    return true;
  });
  if (!written) {
    // Rolled by somebody else in the meantime: this object never gets a row.
    deps.frontiers.delete(takeId);
    await discardSpan(deps, span);
    return 0;
  }
  // A take that falls silent leaves its frontier here; so many of them that memory would matter are read again instead.
  if (deps.frontiers.size >= MOST_FRONTIERS) deps.frontiers.clear();
  deps.frontiers.set(takeId, frontier.state());
  return span.size;
}

async function readRun(tx: Tx, takeId: string, node: string): Promise<Run | null> {
  const take = await findTakeById(tx, takeId);
  if (take === undefined) return null;
  const rows = await tx
    .selectFrom("sworn.fragment")
    .selectAll()
    .where("take_id", "=", takeId)
    .where("spool_node", "is not", null)
    .orderBy("n")
    .limit(10_000)
    .execute();
  const { spans, size } = await tx
    .selectFrom("sworn.span")
    .select((eb) => [
      eb.fn.countAll<number>().as("spans"),
      eb.fn.coalesce(eb.fn.sum<number>("size"), eb.lit(0)).as("size"),
    ])
    .where("file_id", "=", take.fileId)
    .executeTakeFirstOrThrow();
  const here: { n: number; sha256: Uint8Array; size: number; place: SpoolPlace }[] = [];
  // A file's bytes are in order: what another node must roll first is waited for.
  let expected = spans === 0 ? -1 : take.storedFragments;
  for (const row of rows) {
    const place = placeOf(row);
    if (row.n !== expected || place === null || place.node !== node) break;
    here.push({ n: row.n, sha256: row.sha256, size: row.size, place });
    expected += 1;
  }
  const picked = pickRun(here);
  if (picked.length === 0) return null;
  const { recordingId, fileId, storedFragments } = take;
  return { recordingId, take: take.take, fileId, seq: spans, startOffset: size, storedFragments, rows: picked };
}

async function* readPlain(spool: Spool, key: Uint8Array, run: Run): AsyncIterable<Uint8Array> {
  for (const row of run.rows) {
    const sealed = await spool.read(row.place);
    yield openFragment(key, { recordingId: run.recordingId, take: run.take, n: row.n }, sealed, row);
  }
}

/** The take's row moves on only from where this run began; null: somebody else was faster. */
async function moveTake(tx: Tx, takeId: string, run: Run, now: Date): Promise<{ state: string } | null> {
  const last = run.rows.at(-1)?.n ?? -1;
  const taken = await tx
    .selectFrom("sworn.take")
    .select(["state", "stored_fragments"])
    .where("id", "=", takeId)
    .forUpdate()
    .executeTakeFirst();
  const { spans } = await tx
    .selectFrom("sworn.span")
    .select((eb) => eb.fn.countAll<number>().as("spans"))
    .where("file_id", "=", run.fileId)
    .executeTakeFirstOrThrow();
  if (taken === undefined || taken.stored_fragments !== run.storedFragments || spans !== run.seq) return null;
  await tx
    .updateTable("sworn.take")
    .set({ stored_fragments: last + 1, rolled_at: now })
    .where("id", "=", takeId)
    .execute();
  return { state: taken.state };
}

/** From now on these fragments lie in the take's file, and no longer in the spool. */
async function placeFragments(tx: Tx, takeId: string, run: Run): Promise<void> {
  let offset = run.startOffset;
  const places = run.rows.map((row) => {
    const place = { n: row.n, at: offset };
    offset += row.size;
    return place;
  });
  await sql`
    update sworn.fragment f
       set file_offset = p.at, spool_node = null, spool_segment = null, spool_offset = null, spool_size = null
      from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as p(n integer, at bigint)
     where f.take_id = ${takeId} and f.n = p.n`.execute(tx);
}

async function restoreFrontier(
  deps: RollDeps,
  agencyId: string,
  takeId: string,
  size: number,
): Promise<ReturnType<typeof createFrontier>> {
  const known = deps.frontiers.get(takeId);
  if (known?.size === size) return createFrontier(known, nodeSha256);
  const frontier = createFrontier(undefined, nodeSha256);
  for await (const { sha256 } of eachFragment(deps.database, agencyId, takeId, 0, size))
    frontier.append(hashFragmentLeaf(sha256, nodeSha256));
  return frontier;
}

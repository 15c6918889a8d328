import { sql } from "kysely";

import type { Database, Tx } from "../../ports/database.ts";
import type { Spool } from "../../ports/spool.ts";
import type { EvidenceKeys } from "../intake/index.ts";
import { openFragment, spoolKey } from "../recordings/index.ts";
import { codeOf } from "./check-object.ts";
import type { Report } from "./finding.ts";

interface Spooled {
  readonly take_id: string;
  readonly n: number;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly spool_node: string | null;
  readonly spool_segment: string | null;
  readonly spool_offset: number | null;
  readonly spool_size: number | null;
  readonly recording_id: string;
  readonly take: number;
}

const PAGE = 200;

/**
 * Fragments that are received and not yet stored lie in the spool of one node: this node's are opened and matched.
 * Those of other nodes can only be checked there.
 */
export async function checkSpool(deps: {
  database: Database;
  spool: Pick<Spool, "node" | "read">;
  evidenceKeys: EvidenceKeys;
  report: Report;
}): Promise<void> {
  const { database, spool, report } = deps;
  let after: Spooled | undefined;
  for (;;) {
    const before = after;
    const page = await database.asChecker((tx) => readPage(tx, spool.node, before));
    for (const row of page) {
      const why = await tryFragment(deps, row);
      // A running server may have rolled it away while we looked; then it is checked in its file.
      if (why === null || !(await database.asChecker((tx) => isSpooled(tx, row)))) continue;
      const name = `Fragment ${row.n} of part ${row.take + 1} of recording ${row.recording_id}`;
      report(
        "fragment-unreadable",
        "fragment",
        `${row.take_id}/${row.n}`,
        `${name} was received and cannot be read from the spool (${why}).`,
      );
    }
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function readPage(tx: Tx, node: string, after: Spooled | undefined): Promise<Spooled[]> {
  let query = tx
    .selectFrom("sworn.fragment as f")
    .innerJoin("sworn.take as t", "t.id", "f.take_id")
    .select([
      "f.take_id",
      "f.n",
      "f.sha256",
      "f.size",
      "f.spool_node",
      "f.spool_segment",
      "f.spool_offset",
      "f.spool_size",
    ])
    .select(["t.recording_id", "t.take"])
    .where("f.spool_node", "=", node)
    .orderBy("f.take_id")
    .orderBy("f.n")
    .limit(PAGE);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(f.take_id, f.n) > (${after.take_id}, ${after.n})`);
  }
  return await query.execute();
}

async function tryFragment(deps: Parameters<typeof checkSpool>[0], row: Spooled): Promise<string | null> {
  const { spool_node: node, spool_segment: segment, spool_offset: offset, spool_size: size } = row;
  if (node === null || segment === null || offset === null || size === null) return "its place is not complete";
  try {
    const key = await deps.database.asChecker((tx) => deps.evidenceKeys.open(tx, row.recording_id));
    const sealed = await deps.spool.read({ node, segment, offset, size });
    openFragment(
      spoolKey(key, row.recording_id),
      { recordingId: row.recording_id, take: row.take, n: row.n },
      sealed,
      row,
    );
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

async function isSpooled(tx: Tx, { take_id: takeId, n }: Spooled): Promise<boolean> {
  const row = await tx
    .selectFrom("sworn.fragment")
    .select("spool_node")
    .where("take_id", "=", takeId)
    .where("n", "=", n)
    .executeTakeFirst();
  return row !== undefined && row.spool_node !== null;
}

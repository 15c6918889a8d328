import { type CustodyEvent, toHex } from "@sworn/core";
import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

interface EvidenceRow {
  readonly id: string;
  readonly state: string;
  readonly sha256: Uint8Array | null;
  readonly chunk_root: Uint8Array | null;
  readonly size: number;
  readonly recorded_at: Date | null;
  readonly time_offset_ms: number;
  /** A recording may go on after it was stored once: its camera came back. */
  readonly recording: string | null;
  readonly originals: number;
  readonly original_sha256: Uint8Array | null;
  readonly original_chunk_root: Uint8Array | null;
}

const hexOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : toHex(bytes));

/** Stored evidence says what its last `evidence.stored` event says, and what its single file says. */
export async function checkEvidence(tx: Tx, report: Report): Promise<void> {
  let latest = new Map<string, CustodyEvent>();
  for await (const events of readEvents(tx, ["evidence.stored"])) {
    // A subject's events follow each other, so only the last subject of a page can go on in the next.
    const open = [...latest].at(-1);
    const before = latest;
    latest = new Map(open === undefined ? [] : [open]);
    for (const event of events) latest.set(event.subject.id, event);
    if (open !== undefined) before.delete(open[0]);
    await compareAll(tx, before, report);
  }
  await compareAll(tx, latest, report);
}

async function compareAll(tx: Tx, events: ReadonlyMap<string, CustodyEvent>, report: Report): Promise<void> {
  if (events.size === 0) return;
  const { rows } = await sql<EvidenceRow>`
    select v.id, v.state, v.sha256, v.chunk_root, v.size, v.recorded_at, v.time_offset_ms, r.state as recording,
      count(f.id) as originals, (array_agg(f.sha256))[1] as original_sha256, (array_agg(f.chunk_root))[1] as original_chunk_root
    from sworn.evidence v
    left join sworn.recording r on r.id = v.id
    left join sworn.file f on f.evidence_id = v.id and f.role = 'original' and f.state = 'stored'
    where v.id::text = any(${[...events.keys()]}::text[]) group by v.id, r.state`.execute(tx);
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const [id, event] of events) {
    const row = found.get(id);
    if (row === undefined) {
      report(
        "row-missing",
        "evidence",
        id,
        `Item ${id} is gone from the library, but the log says that it was stored.`,
      );
      continue;
    }
    compare(row, event, report);
  }
}

function said({ recorded_at, time_offset_ms }: EvidenceRow): string | null {
  return recorded_at === null ? null : new Date(recorded_at.getTime() - time_offset_ms).toISOString();
}

function compare(row: EvidenceRow, event: CustodyEvent, report: Report): void {
  const goesOn = row.recording === "live" || row.recording === "sealing";
  if (row.state !== "stored") {
    if (goesOn || row.state === "disposed") return;
    return report(
      "row-altered",
      "evidence",
      row.id,
      `Item ${row.id} was stored, says the log; its row says ${row.state}.`,
    );
  }
  const { size, recordedAt } = event.details ?? {};
  const wrong = [
    // Where several parts have a hash each, the item itself has none.
    hexOf(row.sha256) === (event.hashes["sha256"] ?? null) ? "" : "SHA-256",
    hexOf(row.chunk_root) === (event.hashes["chunkRoot"] ?? null) ? "" : "chunk root",
    size === undefined || row.size === size ? "" : "size",
    // What the source said; what was corrected since is held against its own events.
    recordedAt === undefined || said(row) === recordedAt ? "" : "time of recording",
  ].filter((what) => what !== "");
  if (wrong.length > 0) {
    report(
      "row-altered",
      "evidence",
      row.id,
      `Item ${row.id}: its ${wrong.join(" and ")} is not what the log says (event ${event.n}).`,
    );
  }
  if (row.originals === 0)
    report("file-missing", "evidence", row.id, `Item ${row.id} is stored, but no original file belongs to it.`);
  if (row.originals !== 1 || row.sha256 === null) return;
  if (hexOf(row.original_sha256) !== hexOf(row.sha256) || hexOf(row.original_chunk_root) !== hexOf(row.chunk_root)) {
    report("row-altered", "file", row.id, `The file of item ${row.id} has another hash in its row than the item.`);
  }
}

import { Problem } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal, Reply } from "../../ports/http.ts";
import type { Spool } from "../../ports/spool.ts";
import { assertVisible } from "../access/index.ts";
import { appendOncePerQuarterHour, type AppendDeps, actorOf } from "../custody/index.ts";
import { openFile, type ReadDeps } from "../intake/index.ts";
import { LIVE_WINDOW, writePlaylist } from "./live-playlist.ts";
import { openFragment } from "./seal-fragment.ts";
import { findFragment, findTake } from "./store.ts";

export interface LiveDeps extends ReadDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly spool: Spool;
  readonly spoolKeyOf: (agencyId: string, recordingId: string) => Promise<Uint8Array>;
}

/** The playlist of what is received. Watching is an event, once per person and quarter of an hour. */
export async function servePlaylist(deps: LiveDeps, principal: Principal, recordingId: string): Promise<Reply> {
  const text = await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertVisible(tx, principal, recordingId);
    const recording = await tx
      .selectFrom("sworn.recording")
      .select("state")
      .where("id", "=", recordingId)
      .executeTakeFirst();
    if (recording === undefined) throw new Problem("not-found");
    const live = recording.state === "live";
    const listed = await listFragments(tx, recordingId, live ? LIVE_WINDOW : null);
    await logView(tx, deps, principal, recordingId, live);
    return writePlaylist(listed.fragments, { live, before: listed.before, base: `/api/v1/recordings/${recordingId}` });
  });
  return { headers: { "content-type": "application/vnd.apple.mpegurl" }, body: text };
}

async function logView(tx: Tx, deps: LiveDeps, principal: Principal, id: string, live: boolean): Promise<void> {
  await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
    kind: "evidence.viewed",
    subject: { kind: "evidence", id },
    ...actorOf(principal),
    details: { live: live ? "yes" : "no" },
  });
}

async function listFragments(tx: Tx, recordingId: string, window: number | null) {
  const takes = await tx
    .selectFrom("sworn.take")
    .select(["id", "take", "fragments"])
    .where("recording_id", "=", recordingId)
    .where("fragments", ">", 0)
    .orderBy("take")
    .execute();
  const total = takes.reduce((sum, take) => sum + take.fragments, 0);
  const skip = window === null ? 0 : Math.max(0, total - window);
  let passed = 0;
  let skippedTakes = 0;
  const fragments: { take: number; n: number; durationMs: number }[] = [];
  for (const take of takes) {
    const from = Math.max(0, skip - passed);
    passed += take.fragments;
    if (from >= take.fragments) {
      skippedTakes += 1;
      continue;
    }
    const rows = await tx
      .selectFrom("sworn.fragment")
      .select(["n", "duration_ms"])
      .where("take_id", "=", take.id)
      .where("n", ">=", from)
      .orderBy("n")
      .execute();
    fragments.push(...rows.map((row) => ({ take: take.take, n: row.n, durationMs: row.duration_ms ?? 0 })));
  }
  return { fragments, before: { fragments: skip, takes: skippedTakes } };
}

/**
 * One fragment's exact bytes (`n` -1: the init segment), from the spool or, once stored, from the object store. Its
 * address can be counted out without a playlist, so it is watching by itself: committed before the first byte leaves.
 */
export async function serveFragment(
  deps: LiveDeps,
  principal: Principal,
  where: { recordingId: string; take: number; n: number },
): Promise<Reply> {
  const { recordingId, take, n } = where;
  const { row, found } = await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertVisible(tx, principal, recordingId);
    const row = await findTake(tx, recordingId, take);
    const found = row === undefined ? undefined : await findFragment(tx, row.id, n);
    if (row === undefined || found === undefined) throw new Problem("not-found");
    await logView(tx, deps, principal, recordingId, row.recordingState === "live");
    return { row, found };
  });
  const headers = {
    "content-type": n === -1 ? "video/mp4" : "video/iso.segment",
    "content-length": String(found.size),
    etag: `"${Buffer.from(found.sha256).toString("hex")}"`,
    // Bytes under a number never change; a private cache may keep them for as long as it shows the page.
    "cache-control": "private, max-age=600, immutable",
  };
  if (found.place !== null) {
    if (found.place.node !== deps.spool.node) throw new Problem("wrong-node");
    const key = await deps.spoolKeyOf(principal.agencyId, recordingId);
    const plain = openFragment(key, { recordingId, take, n }, await deps.spool.read(found.place), found);
    return { headers, body: plain };
  }
  const start = found.fileOffset ?? 0;
  const file = await openFile(deps, principal.agencyId, row.fileId, { start, end: start + found.size });
  return { headers, body: file.bytes };
}

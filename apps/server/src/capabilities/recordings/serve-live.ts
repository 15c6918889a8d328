import { Problem } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal, Reply } from "../../ports/http.ts";
import { type Spool, SpoolError } from "../../ports/spool.ts";
import { assertViewable } from "../access/index.ts";
import { appendOncePerQuarterHour, type AppendDeps, actorOf } from "../custody/index.ts";
import { openFile, type ReadDeps } from "../intake/index.ts";
import { LIVE_WINDOW, type PlayableFragment, writePlaylist } from "./live-playlist.ts";
import { openFragment } from "./seal-fragment.ts";
import { eachFragment, findFragment, findTake } from "./store.ts";

type Found = NonNullable<Awaited<ReturnType<typeof findFragment>>>;

export interface LiveDeps extends ReadDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly spool: Spool;
  readonly spoolKeyOf: (agencyId: string, recordingId: string) => Promise<Uint8Array>;
}

/** The playlist of what is received. Watching is an event, once per person and quarter of an hour. */
export async function servePlaylist(deps: LiveDeps, principal: Principal, recordingId: string): Promise<Reply> {
  const { agencyId } = principal;
  const { live, listed } = await deps.database.forAgency(agencyId, async (tx) => {
    await assertViewable(tx, principal, recordingId);
    const recording = await tx
      .selectFrom("sworn.recording")
      .select("state")
      .where("id", "=", recordingId)
      .executeTakeFirst();
    if (recording === undefined) throw new Problem("not-found");
    const live = recording.state === "live";
    const listed = await listTakes(tx, recordingId, live ? LIVE_WINDOW : null);
    await logView(tx, deps, principal, recordingId, live);
    return { live, listed };
  });
  const options = {
    live,
    before: listed.before,
    longestMs: listed.longestMs,
    base: `/api/v1/recordings/${recordingId}`,
  };
  const body = writePlaylist(eachListed(deps.database, agencyId, listed.takes), options);
  return { headers: { "content-type": "application/vnd.apple.mpegurl" }, body };
}

async function logView(tx: Tx, deps: LiveDeps, principal: Principal, id: string, live: boolean): Promise<void> {
  await appendOncePerQuarterHour(tx, deps.custody, principal.agencyId, {
    kind: "evidence.viewed",
    subject: { kind: "evidence", id },
    ...actorOf(principal),
    details: { live: live ? "yes" : "no" },
  });
}

interface ListedTake {
  readonly id: string;
  readonly take: number;
  /** The first fragment that is listed, and how many there were when it was counted. */
  readonly from: number;
  readonly fragments: number;
}

/** Which fragments a playlist shows, counted and not read: a day's recording has 86,400 of them. */
async function listTakes(
  tx: Tx,
  recordingId: string,
  window: number | null,
): Promise<{ takes: ListedTake[]; before: { fragments: number; takes: number }; longestMs: number }> {
  const all = await tx
    .selectFrom("sworn.take")
    .select(["id", "take", "fragments"])
    .where("recording_id", "=", recordingId)
    .where("fragments", ">", 0)
    .orderBy("take")
    .execute();
  const total = all.reduce((sum, take) => sum + take.fragments, 0);
  const skip = window === null ? 0 : Math.max(0, total - window);
  let passed = 0;
  const takes: ListedTake[] = [];
  let longestMs = 0;
  for (const take of all) {
    const from = Math.max(0, skip - passed);
    passed += take.fragments;
    if (from >= take.fragments) continue;
    takes.push({ ...take, from });
    const { longest } = await tx
      .selectFrom("sworn.fragment")
      .select((eb) => eb.fn.max("duration_ms").as("longest"))
      .where("take_id", "=", take.id)
      .where("n", ">=", from)
      .executeTakeFirstOrThrow();
    longestMs = Math.max(longestMs, longest ?? 0);
  }
  return { takes, before: { fragments: skip, takes: all.length - takes.length }, longestMs };
}

async function* eachListed(
  database: Database,
  agencyId: string,
  takes: readonly ListedTake[],
): AsyncGenerator<PlayableFragment> {
  for (const { id, take, from, fragments } of takes)
    for await (const { n, durationMs } of eachFragment(database, agencyId, id, from, fragments))
      yield { take, n, durationMs: durationMs ?? 0 };
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
  const look = async (): Promise<{ fileId: string; found: Found }> =>
    await deps.database.forAgency(principal.agencyId, async (tx) => {
      await assertViewable(tx, principal, recordingId);
      const row = await findTake(tx, recordingId, take);
      const found = row === undefined ? undefined : await findFragment(tx, row.id, n);
      if (row === undefined || found === undefined) throw new Problem("not-found");
      await logView(tx, deps, principal, recordingId, row.recordingState === "live");
      return { fileId: row.fileId, found };
    });
  let { fileId, found } = await look();
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
    try {
      const sealed = await deps.spool.read(found.place);
      return { headers, body: openFragment(key, { recordingId, take, n }, sealed, found) };
    } catch (error) {
      // Rolled and released since its row was read: then the row says where it is now. Else the spool is damaged.
      if (!(error instanceof SpoolError) || error.code !== "missing") throw error;
      ({ fileId, found } = await look());
      if (found.place !== null) throw error;
    }
  }
  const start = found.fileOffset ?? 0;
  const file = await openFile(deps, principal.agencyId, fileId, { start, end: start + found.size });
  return { headers, body: file.bytes };
}

import { sql } from "kysely";
import { endUnfinished } from "./keep-incomplete.ts";
import { DAY_MS, type IntakeDeps } from "./upload-deps.ts";
import { holdUpload } from "./upload-store.ts";

/** Ends uploads whose time is over: with bytes they become incomplete items, without they are cancelled. */
export async function sweepUploads(deps: IntakeDeps, agencyId: string): Promise<number> {
  const now = new Date(deps.clock.now());
  const expired = await deps.database.forAgency(agencyId, (tx) =>
    tx
      .selectFrom("sworn.upload")
      .select("id")
      .where("state", "=", "receiving")
      .where("expires_at", "<", now)
      .limit(100)
      .execute(),
  );
  let ended = 0;
  for (const { id } of expired) {
    const did = await deps.database.forAgency(agencyId, async (tx) => {
      const upload = await holdUpload(tx, id);
      // A byte that arrived in this moment has moved the time on.
      if (upload === undefined || upload.expires_at === null || upload.expires_at >= now) return false;
      return await endUnfinished(tx, deps, upload, { actor: { actorId: null }, reason: "expired" });
    });
    if (did) ended += 1;
  }
  return ended;
}

/** By the monotonic clock: longer than any body may take to be counted (see patch-upload.ts). */
const SEEN_MS = 6 * 60 * 60 * 1000;

/**
 * Removes objects that no span row names: what a crash between `put` and commit leaves. One must be older than a day by
 * the wall clock, and have been found unnamed six hours before by the clock that does not jump: a wall clock that leaps
 * ahead must not make an object in flight look old, since its row would then commit over missing bytes.
 */
export function makeOrphanSweep(
  deps: Pick<IntakeDeps, "blobStore" | "clock" | "database" | "log">,
): () => Promise<number> {
  let seen = new Map<string, number>();

  async function unnamed(keys: string[]): Promise<string[]> {
    if (keys.length === 0) return [];
    return await deps.database.withoutAgency(async (tx) => {
      const found = await sql<{ key: string }>`select sworn.known_objects(${keys}) as key`.execute(tx);
      const known = new Set(found.rows.map(({ key }) => key));
      return keys.filter((key) => !known.has(key));
    });
  }

  return async () => {
    const now = { wall: deps.clock.now(), monotonic: deps.clock.monotonic() };
    const still = new Map<string, number>();
    let removed = 0;
    const batch: string[] = [];
    async function settle(): Promise<void> {
      for (const key of await unnamed(batch.splice(0))) {
        const since = seen.get(key) ?? now.monotonic;
        if (now.monotonic - since < SEEN_MS) {
          still.set(key, since);
          continue;
        }
        await deps.blobStore.remove(key);
        deps.log.warn({ object: key }, "removed an object that no row ever named");
        removed += 1;
      }
    }
    for await (const { key, modifiedAt } of deps.blobStore.list()) {
      if (now.wall - modifiedAt < DAY_MS) continue;
      batch.push(key);
      if (batch.length >= 500) await settle();
    }
    await settle();
    seen = still;
    return removed;
  };
}

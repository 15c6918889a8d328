import { Problem } from "@sworn/contract";
import type { Principal } from "../../ports/http.ts";
import { decideAgain } from "../retention/index.ts";
import { BEGINNINGS, insertTake, isUniqueViolation, type OpenDeps } from "./open-recording.ts";
import { findTake } from "./store.ts";

const MAX_TAKES = 10_000;

/**
 * Makes sure that take k is there before its init segment is looked at. A camera opens a new take by sending its
 * init: after a reconnect, an encoder restart, or when the old take was closed as interrupted while it was away.
 * Takes begin in order; an earlier one that is still open stays open, since its rest may still be on its way.
 * Asked again by every init; only one that begins counts against the camera's limit (`rate-limited`).
 */
export async function ensureTake(
  deps: OpenDeps,
  principal: Principal,
  recordingId: string,
  take: number,
): Promise<boolean> {
  const { agencyId } = principal;
  try {
    return await deps.database.forAgency(agencyId, async (tx) => {
      if ((await findTake(tx, recordingId, take)) !== undefined) return false;
      const recording = await tx
        .selectFrom("sworn.recording")
        .selectAll()
        .where("id", "=", recordingId)
        .forUpdate()
        .executeTakeFirst();
      // Another camera's is as if it were not: its id tells nobody that it is there.
      if (recording === undefined || recording.device_id !== principal.deviceId) throw new Problem("not-found");
      if (recording.state === "closed" || recording.state === "sealing") throw new Problem("recording-closed");
      const { next } = await tx
        .selectFrom("sworn.take")
        .select((eb) => eb.fn.countAll<number>().as("next"))
        .where("recording_id", "=", recordingId)
        .executeTakeFirstOrThrow();
      if (take > next || take >= MAX_TAKES)
        throw new Problem("fragment-gap", `Part ${next} begins next.`, { extra: { nextTake: next } });
      deps.beginnings.take(recording.device_id, BEGINNINGS);
      // A camera that returns: the recording runs again, and what was stored of it stays as it is.
      const now = new Date(deps.clock.now());
      await tx
        .updateTable("sworn.recording")
        .set({ state: "live", last_byte_at: now })
        .where("id", "=", recordingId)
        .execute();
      await tx
        .updateTable("sworn.evidence")
        // The hash of the part it had, if it had one, is not that of the recording that now goes on.
        .set({ state: "live", sha256: null, chunk_root: null, stored_at: null })
        .where("id", "=", recordingId)
        .execute();
      await decideAgain(tx, [recordingId]); // nothing of it is disposable while it goes on
      await insertTake(tx, deps, principal, { recordingId, take });
      return true;
    });
  } catch (error) {
    if (isUniqueViolation(error)) return false; // the same init, sent twice at once
    throw error;
  }
}

import type { Tx } from "../../ports/database.ts";
import type { TrackFacts } from "./rules.ts";

export async function originalsWithoutTrack(tx: Tx, evidenceId: string): Promise<{ id: string; take: number }[]> {
  return await tx
    .selectFrom("sworn.file")
    .select(["id", "take"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "original")
    .where("state", "=", "stored")
    .where("size", ">", 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("sworn.track")
            .select("sworn.track.take")
            .where("sworn.track.evidence_id", "=", evidenceId)
            .whereRef("sworn.track.take", "=", "sworn.file.take"),
        ),
      ),
    )
    .orderBy("take")
    .execute();
}

export interface StoredTrack {
  readonly take: number;
  readonly source: string;
  readonly fileId: string;
  readonly sha256: Uint8Array | null;
}

/** The track of one take, or of the first take that has one. */
export async function findTrack(
  tx: Tx,
  evidenceId: string,
  take: number | undefined,
): Promise<StoredTrack | undefined> {
  let query = tx
    .selectFrom("sworn.track")
    .innerJoin("sworn.file", "sworn.file.id", "sworn.track.file_id")
    .select(["sworn.track.take", "sworn.track.source", "sworn.track.file_id as fileId", "sworn.file.sha256"])
    .where("sworn.track.evidence_id", "=", evidenceId);
  if (take !== undefined) query = query.where("sworn.track.take", "=", take);
  return await query.orderBy("sworn.track.take").limit(1).executeTakeFirst();
}

export async function insertTrack(
  tx: Tx,
  track: TrackFacts & { agencyId: string; evidenceId: string; take: number; fileId: string; source: string },
): Promise<void> {
  const { fixes, west, south, east, north } = track;
  await tx
    .insertInto("sworn.track")
    .values({
      evidence_id: track.evidenceId,
      take: track.take,
      agency_id: track.agencyId,
      file_id: track.fileId,
      source: track.source,
      fixes,
      from_at: track.fromAt,
      to_at: track.toAt,
      west,
      south,
      east,
      north,
    })
    .execute();
}

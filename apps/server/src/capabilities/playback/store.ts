import type { EvidenceState } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import type { PlaylistTake } from "./rules.ts";

export interface Playable {
  readonly fileId: string;
  readonly take: number;
  readonly mediaType: string;
  readonly sha256: Uint8Array | null;
  readonly fileState: "open" | "stored";
}

export async function findItem(
  tx: Tx,
  id: string,
): Promise<{ state: EvidenceState; title: string; source_name: string | null } | undefined> {
  return await tx
    .selectFrom("sworn.evidence")
    .select(["state", "title", "source_name"])
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The originals of an item, one per take, or its newest poster. */
export async function findFiles(tx: Tx, evidenceId: string, role: "original" | "poster"): Promise<Playable[]> {
  const files = await tx
    .selectFrom("sworn.file")
    .select(["id", "take", "media_type", "sha256", "state"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", role)
    .orderBy("take")
    .orderBy("created_at", "desc")
    .execute();
  return files.map((file) => ({
    fileId: file.id,
    take: file.take,
    mediaType: file.media_type,
    sha256: file.sha256,
    fileState: file.state,
  }));
}

/** Fragments of every take that lie in its file, with the init segment that opens them. */
export async function findPlaylist(tx: Tx, recordingId: string): Promise<PlaylistTake[]> {
  const rows = await tx
    .selectFrom("sworn.take")
    .innerJoin("sworn.fragment", "sworn.fragment.take_id", "sworn.take.id")
    .select([
      "sworn.take.take",
      "sworn.fragment.n",
      "sworn.fragment.size",
      "sworn.fragment.file_offset",
      "sworn.fragment.duration_ms",
    ])
    .where("sworn.take.recording_id", "=", recordingId)
    .where("sworn.fragment.file_offset", "is not", null)
    .orderBy("sworn.take.take")
    .orderBy("sworn.fragment.n")
    .execute();
  const takes = new Map<
    number,
    { init: PlaylistTake["init"] | null; fragments: PlaylistTake["fragments"][number][] }
  >();
  for (const row of rows) {
    const take = takes.get(row.take) ?? { init: null, fragments: [] };
    takes.set(row.take, take);
    const place = { offset: row.file_offset ?? 0, size: row.size };
    if (row.n === -1) take.init = place;
    else take.fragments.push({ ...place, durationMs: row.duration_ms ?? 1000 });
  }
  return [...takes].flatMap(([take, { init, fragments }]) =>
    init === null || fragments.length === 0 ? [] : [{ take, init, fragments }],
  );
}

import type { EvidenceState } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import { eachFragment } from "../recordings/index.ts";
import type { PlaylistFragment } from "./rules.ts";

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

type StripFile = Playable & { readonly madeBy: unknown };

/** Storyboard and waveform of one part; of the first part that has either where none is named. */
export async function findStrips(
  tx: Tx,
  evidenceId: string,
  take: number | undefined,
): Promise<{ storyboard: StripFile | undefined; waveform: StripFile | undefined }> {
  const rows = await tx
    .selectFrom("sworn.file")
    .select(["id", "role", "take", "media_type", "sha256", "state", "made_by"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "in", ["storyboard", "waveform"])
    .$if(take !== undefined, (query) => query.where("take", "=", take ?? 0))
    .orderBy("take")
    .limit(2)
    .execute();
  const find = (role: string): StripFile | undefined => {
    const row = rows.find((each) => each.role === role && each.take === rows[0]?.take);
    if (row === undefined) return undefined;
    const { id, media_type, sha256, state, made_by } = row;
    return { fileId: id, take: row.take, mediaType: media_type, sha256, fileState: state, madeBy: made_by };
  };
  return { storyboard: find("storyboard"), waveform: find("waveform") };
}

export interface PlayableTake {
  readonly id: string;
  readonly take: number;
  readonly init: { readonly offset: number; readonly size: number };
  /** The longest of its fragments; a playlist must say it before the first of them. */
  readonly longestMs: number;
}

/** The takes of a recording that have fragments in their file, with the init segment that opens them. */
export async function findPlayable(tx: Tx, recordingId: string): Promise<PlayableTake[]> {
  const rows = await tx
    .selectFrom("sworn.take as t")
    .innerJoin("sworn.fragment as init", (join) => join.onRef("init.take_id", "=", "t.id").on("init.n", "=", -1))
    .innerJoin("sworn.fragment as f", (join) => join.onRef("f.take_id", "=", "t.id").on("f.n", ">=", 0))
    .select((eb) => [
      "t.id",
      "t.take",
      "init.file_offset as offset",
      "init.size",
      eb.fn.max("f.duration_ms").as("longest"),
    ])
    .where("t.recording_id", "=", recordingId)
    .where("init.file_offset", "is not", null)
    .where("f.file_offset", "is not", null)
    .groupBy(["t.id", "init.file_offset", "init.size"])
    .orderBy("t.take")
    .execute();
  return rows.map(({ id, take, offset, size, longest }) => ({
    id,
    take,
    init: { offset: offset ?? 0, size },
    longestMs: longest ?? UNKNOWN_MS,
  }));
}

/** What a fragment without a length of its own counts for. */
const UNKNOWN_MS = 1000;

/** A take's fragments that lie in its file, page by page: a day has 86,400. */
export async function* eachPlayable(
  database: Database,
  agencyId: string,
  takeId: string,
): AsyncGenerator<PlaylistFragment> {
  for await (const { size, fileOffset, durationMs } of eachFragment(database, agencyId, takeId, 0))
    if (fileOffset !== null) yield { offset: fileOffset, size, durationMs: durationMs ?? UNKNOWN_MS };
}

import type { Fix } from "@sworn/contract";
import type { Tx } from "../../ports/database.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, type AdmittedFile, admitFile, recordFile } from "../intake/index.ts";

/** A take's positions as one admitted file, with what lists and maps ask for. */
export interface SealedTrack {
  readonly file: AdmittedFile;
  readonly take: number;
  readonly source: string;
  readonly fixes: number;
  readonly fromAt: Date | null;
  readonly toAt: Date | null;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Puts the fixes of an ended take into one file: JSON Lines, one fix per line as it was sent. Null when there are none. */
export async function admitTrack(
  deps: AdmitDeps,
  where: { agencyId: string; evidenceId: string; takeId: string; take: number },
): Promise<SealedTrack | null> {
  const { agencyId, evidenceId, takeId, take } = where;
  const rows = await deps.database.forAgency(agencyId, (tx) =>
    tx.selectFrom("sworn.take_fix").select(["source", "fix"]).where("take_id", "=", takeId).orderBy("seq").execute(),
  );
  const source = rows[0]?.source;
  if (source === undefined) return null;
  const fixes = rows.map((row) => row.fix as Fix); // the contract's shape was checked when it was received
  const file = await admitFile(deps, {
    agencyId,
    evidenceId,
    role: "track",
    take,
    mediaType: "application/jsonl",
    bytes: linesOf(fixes),
    madeBy: { tool: "sworn recordings", from: "positions sent by the camera", source },
  });
  const times = fixes.flatMap((fix) => (fix.at === null ? [] : [Date.parse(fix.at)])).filter((at) => !Number.isNaN(at));
  const lowest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
  const highest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));
  const lons = fixes.map((fix) => fix.lon);
  const lats = fixes.map((fix) => fix.lat);
  return {
    file,
    take,
    source,
    fixes: fixes.length,
    fromAt: times.length === 0 ? null : new Date(lowest(times)),
    toAt: times.length === 0 ? null : new Date(highest(times)),
    west: lowest(lons),
    south: lowest(lats),
    east: highest(lons),
    north: highest(lats),
  };
}

/** Rows and event of an admitted track; the loose fixes go with the same commit. False when the take has its track already. */
export async function recordTrack(
  tx: Tx,
  custody: AppendDeps,
  agencyId: string,
  takeId: string,
  track: SealedTrack,
): Promise<boolean> {
  const evidenceId = track.file.source.evidenceId;
  const { take, fixes, west, south, east, north } = track;
  const known = await tx
    .selectFrom("sworn.track")
    .select("file_id")
    .where("evidence_id", "=", evidenceId)
    .where("take", "=", take)
    .executeTakeFirst();
  if (known !== undefined) return false;
  const fileId = await recordFile(tx, track.file);
  await tx
    .insertInto("sworn.track")
    .values({
      evidence_id: evidenceId,
      take,
      agency_id: agencyId,
      file_id: fileId,
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
  await append(tx, custody, agencyId, {
    kind: "track.stored",
    subject: { kind: "evidence", id: evidenceId },
    actorId: null,
    hashes: { sha256: Buffer.from(track.file.sha256).toString("hex") },
    details: { file: fileId, role: "track", take, size: track.file.size, fixes },
  });
  await tx.deleteFrom("sworn.take_fix").where("take_id", "=", takeId).execute();
  return true;
}

function* linesOf(fixes: readonly Fix[]): Iterable<Uint8Array> {
  for (const fix of fixes) yield Buffer.from(`${JSON.stringify(fix)}\n`);
}

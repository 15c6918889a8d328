import type { Fix } from "@sworn/contract";
import type { Database, Tx } from "../../ports/database.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, type AdmittedFile, admitFile, recordFile } from "../intake/index.ts";
import { findTrack, insertTrack, linesOf, startBounds, type TrackFacts } from "../positions/index.ts";

/** A take's positions as one admitted file, with what lists and maps ask for. */
export interface SealedTrack {
  readonly file: AdmittedFile;
  readonly take: number;
  readonly source: string;
  readonly facts: TrackFacts;
}

/** Puts the fixes of an ended take into one file: JSON Lines, one fix per line as it was sent. Null when there are none. */
export async function admitTrack(
  deps: AdmitDeps,
  where: { agencyId: string; evidenceId: string; takeId: string; take: number },
): Promise<SealedTrack | null> {
  const { agencyId, evidenceId, takeId, take } = where;
  const bounds = startBounds();
  const first = (await readFixes(deps.database, agencyId, takeId, 0, 1))[0];
  if (first === undefined) return null;
  const { source } = first;
  const file = await admitFile(deps, {
    agencyId,
    evidenceId,
    role: "track",
    take,
    mediaType: "application/jsonl",
    bytes: lines(),
    madeBy: { tool: "sworn recordings", from: "positions sent by the camera", source },
  });
  return { file, take, source, facts: bounds.facts() };

  async function* lines(): AsyncIterable<Uint8Array> {
    for (let from = 0; ;) {
      const rows = await readFixes(deps.database, agencyId, takeId, from, ROWS_AT_ONCE);
      const fixes = rows.map((row) => row.fix as Fix); // the contract's shape was checked when it was received
      for (const fix of fixes) bounds.add(fix);
      yield* linesOf(fixes);
      const last = rows.at(-1);
      if (last === undefined) return;
      from = last.seq + 1;
    }
  }
}

/** A day of ten fixes a second is 864,000 rows: they are never all in memory. */
const ROWS_AT_ONCE = 5000;

async function readFixes(
  database: Database,
  agencyId: string,
  takeId: string,
  from: number,
  limit: number,
): Promise<{ seq: number; source: string; fix: unknown }[]> {
  return await database.forAgency(agencyId, (tx) =>
    tx
      .selectFrom("sworn.take_fix")
      .select(["seq", "source", "fix"])
      .where("take_id", "=", takeId)
      .where("seq", ">=", from)
      .orderBy("seq")
      .limit(limit)
      .execute(),
  );
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
  const { take, source, facts } = track;
  if ((await findTrack(tx, evidenceId, take)) !== undefined) return false;
  const fileId = await recordFile(tx, track.file);
  await insertTrack(tx, { agencyId, evidenceId, take, fileId, source, ...facts });
  await append(tx, custody, agencyId, {
    kind: "track.stored",
    subject: { kind: "evidence", id: evidenceId },
    actorId: null,
    hashes: { sha256: Buffer.from(track.file.sha256).toString("hex") },
    details: { file: fileId, role: "track", take, size: track.file.size, fixes: facts.fixes },
  });
  await tx.deleteFrom("sworn.take_fix").where("take_id", "=", takeId).execute();
  return true;
}

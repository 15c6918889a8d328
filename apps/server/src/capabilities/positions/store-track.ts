import type { Job } from "../../ports/jobs.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, type AdmittedFile, admitFile, discardSpan, recordFile } from "../intake/index.ts";
import { openOriginal, reader, settlePositions } from "../media/index.ts";
import { type FoundTrack, type ThreadLimits, threadLimits, withTrack } from "./read-track.ts";
import { MAX_FIXES } from "./rules.ts";
import { findTrack, insertTrack, originalsWithoutTrack } from "./store.ts";

export interface PositionsDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly jobs: Jobs;
  readonly log: Log;
  /** Of the thread that parses a file. Default `threadLimits`. */
  readonly threadLimits?: ThreadLimits;
}

interface Original {
  readonly id: string;
  readonly take: number;
}

/**
 * Reads positions out of each of the item's originals that has no track yet. Twice is once. A crash or a hang is shown
 * on the item, like that of every media job, and is tried again.
 */
export async function storeTracks(deps: PositionsDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { agencyId, id: evidenceId } = job;
  try {
    const originals = await deps.database.forAgency(agencyId, (tx) => originalsWithoutTrack(tx, evidenceId));
    for (const original of originals) await storeTrack(deps, job, original, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const { again } = await deps.database.forAgency(agencyId, (tx) => settlePositions(tx, evidenceId, { error }));
    if (again) throw error;
    return;
  }
  await deps.database.forAgency(agencyId, (tx) => settlePositions(tx, evidenceId, null));
}

async function storeTrack(deps: PositionsDeps, job: Job, original: Original, signal: AbortSignal): Promise<void> {
  const { agencyId, id: evidence } = job;
  const opened = await openOriginal(deps, agencyId, original.id);
  const source = { read: reader(opened), size: opened.size };
  const found = await withTrack(source, signal, deps.threadLimits ?? threadLimits, async (track) => {
    const { fixes } = track.facts;
    if (fixes === 0 || fixes > MAX_FIXES) {
      deps.log.info({ evidence, fixes, refused: track.refused }, "no usable positions in this file");
      return null;
    }
    const file = await admitFile(deps, {
      agencyId,
      evidenceId: evidence,
      role: "track",
      take: original.take,
      mediaType: "application/jsonl",
      bytes: track.lines,
      madeBy: {
        tool: "sworn gpmf",
        software: deps.custody.software,
        fromFile: original.id,
        device: track.device,
        refused: track.refused,
      },
    });
    return { file, track };
  });
  if ("none" in found)
    return deps.log.info({ evidence, take: original.take, why: found.none }, "no positions in this file");
  if (found.done === null) return;
  if (await record(deps, job, original.take, found.done.file, found.done.track)) return;
  for (const span of found.done.file.spans) await discardSpan(deps, span);
}

/** False when the take got its track in the meantime. */
async function record(
  deps: PositionsDeps,
  { agencyId, id: evidenceId }: Job,
  take: number,
  file: AdmittedFile,
  { facts, refused }: FoundTrack,
): Promise<boolean> {
  const left = Object.values(refused).reduce((sum, count) => sum + count, 0);
  return await deps.database.forAgency(agencyId, async (tx) => {
    if ((await findTrack(tx, evidenceId, take)) !== undefined) return false;
    await recordFile(tx, file);
    await insertTrack(tx, { agencyId, evidenceId, take, fileId: file.id, source: "gpmf", ...facts });
    await append(tx, deps.custody, agencyId, {
      kind: "track.stored",
      subject: { kind: "evidence", id: evidenceId },
      actorId: null,
      hashes: { sha256: Buffer.from(file.sha256).toString("hex") },
      details: {
        file: file.id,
        role: "track",
        take,
        size: file.size,
        fixes: facts.fixes,
        refused: left,
        source: "gpmf",
      },
    });
    return true;
  });
}

/** Works the `positions` jobs. */
export async function workPositions(deps: PositionsDeps): Promise<void> {
  await deps.jobs.work("positions", (job, signal) => storeTracks(deps, job, signal));
}

import type { Job } from "../../ports/jobs.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import type { Fix } from "@sworn/contract";
import { readGpmf } from "@sworn/core";
import { append, type AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, admitFile, discardSpan, recordFile } from "../intake/index.ts";
import { openOriginal, reader } from "../media/index.ts";
import { findPayloads } from "./find-payloads.ts";
import { boundsOf, findTrack, insertTrack, originalsWithoutTrack } from "./store.ts";

export interface PositionsDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly jobs: Jobs;
  readonly log: Log;
}

/** As many as recordings take: a day of ten a second. */
const MAX_FIXES = 864_000;

/** Reads positions out of each of the item's originals that has no track yet. Twice is once. */
export async function storeTracks(deps: PositionsDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { agencyId, id: evidenceId } = job;
  const originals = await deps.database.forAgency(agencyId, (tx) => originalsWithoutTrack(tx, evidenceId));
  for (const original of originals) {
    const source = await openOriginal(deps, agencyId, original.id);
    const found = await findPayloads(reader(source), source.size, signal);
    if ("none" in found) {
      deps.log.info({ evidence: evidenceId, take: original.take, why: found.none }, "no positions in this file");
      continue;
    }
    const { fixes, refused, device } = readGpmf(found.payloads);
    const left = Object.values(refused).reduce((sum, count) => sum + count, 0);
    if (fixes.length === 0 || fixes.length > MAX_FIXES) {
      deps.log.info({ evidence: evidenceId, fixes: fixes.length, refused }, "no usable positions in this file");
      continue;
    }
    const file = await admitFile(deps, {
      agencyId,
      evidenceId,
      role: "track",
      take: original.take,
      mediaType: "application/jsonl",
      bytes: linesOf(fixes),
      madeBy: { tool: "sworn gpmf", software: deps.custody.software, fromFile: original.id, device, refused },
    });
    const recorded = await deps.database.forAgency(agencyId, async (tx) => {
      if ((await findTrack(tx, evidenceId, original.take)) !== undefined) return false;
      await recordFile(tx, file);
      await insertTrack(tx, {
        agencyId,
        evidenceId,
        take: original.take,
        fileId: file.id,
        source: "gpmf",
        ...boundsOf(fixes),
      });
      await append(tx, deps.custody, agencyId, {
        kind: "track.stored",
        subject: { kind: "evidence", id: evidenceId },
        actorId: null,
        hashes: { sha256: Buffer.from(file.sha256).toString("hex") },
        details: {
          file: file.id,
          role: "track",
          take: original.take,
          size: file.size,
          fixes: fixes.length,
          refused: left,
          source: "gpmf",
        },
      });
      return true;
    });
    if (!recorded) for (const span of file.spans) await discardSpan(deps, span);
  }
}

/** Works the `positions` jobs. */
export async function workPositions(deps: PositionsDeps): Promise<void> {
  await deps.jobs.work("positions", (job, signal) => storeTracks(deps, job, signal));
}

function* linesOf(fixes: readonly Fix[]): Iterable<Uint8Array> {
  for (const fix of fixes) yield Buffer.from(`${JSON.stringify(fix)}\n`);
}

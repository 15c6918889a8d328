import type { Job } from "../../ports/jobs.ts";
import { append } from "../custody/index.ts";
import { admitFile, discardSpan, recordFile } from "../intake/index.ts";
import { withScratchCopy } from "./copy-to-scratch.ts";
import type { MediaDeps } from "./media-deps.ts";
import { openOriginal } from "./open-original.ts";
import { judgeFailure, POSTER_WIDTH, posterAtMs } from "./rules.ts";
import { isPositionsFailure } from "./settle-positions.ts";
import { findEvidence, findPoster, firstOriginal, setMediaState } from "./store.ts";

/** Makes the item's poster once its facts are known (the probe asks again when they are). Admits it as a derivative. */
export async function makePoster(deps: MediaDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { agencyId, id } = job;
  const begun = await deps.database.forAgency(agencyId, async (tx) => {
    const row = await findEvidence(tx, id);
    if (row?.media_facts?.video == null || (row.media_state !== "ready" && row.media_state !== "failed")) return null;
    if ((await findPoster(tx, id)) !== undefined) return null;
    const original = await firstOriginal(tx, id);
    return original === undefined ? null : { facts: row.media_facts, original };
  });
  if (begun === null) return;
  const atMs = posterAtMs(begun.facts.durationMs);
  let jpeg: Uint8Array;
  try {
    const source = await openOriginal(deps, agencyId, begun.original.id);
    jpeg = await withScratchCopy(deps.scratch, source, signal, (copy) =>
      deps.media.poster(copy.path, { atMs, width: POSTER_WIDTH }, signal),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    const verdict = judgeFailure(error);
    const detail = `No poster could be made. ${verdict.detail ?? ""}`.trim();
    // The facts stay: an item that plays is not hidden because its poster failed.
    await deps.database.forAgency(agencyId, (tx) => setMediaState(tx, id, { ...verdict, state: "failed", detail }));
    if (verdict.again) throw error;
    return;
  }
  const { tool, version } = await deps.media.describe();
  const madeBy = { tool, version, atMs, width: POSTER_WIDTH, fromFile: begun.original.id };
  const file = await admitFile(deps, {
    agencyId,
    evidenceId: id,
    role: "poster",
    take: begun.original.take,
    mediaType: "image/jpeg",
    bytes: [jpeg],
    madeBy,
  });
  const recorded = await deps.database.forAgency(agencyId, async (tx) => {
    if ((await findPoster(tx, id)) !== undefined) return false;
    await recordFile(tx, file);
    const row = await findEvidence(tx, id);
    // An earlier try may have left its failure; what the probe said about the file stays.
    if (row?.media_state === "failed" && !isPositionsFailure(row))
      await setMediaState(tx, id, { state: "ready", code: null, detail: null });
    await append(tx, deps.custody, agencyId, {
      kind: "derivative.stored",
      subject: { kind: "evidence", id },
      actorId: null,
      hashes: { sha256: Buffer.from(file.sha256).toString("hex") },
      details: { file: file.id, role: "poster", size: file.size, tool, version, atMs, width: POSTER_WIDTH },
    });
    return true;
  });
  if (!recorded) for (const span of file.spans) await discardSpan(deps, span);
}

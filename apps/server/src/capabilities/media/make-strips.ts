import type { Job } from "../../ports/jobs.ts";
import { makeCaptions } from "./make-captions.ts";
import { keepStrip } from "./keep-strip.ts";
import { makeStoryboard } from "./make-storyboard.ts";
import { makeWaveform } from "./make-waveform.ts";
import type { MediaDeps } from "./media-deps.ts";
import { openOriginal } from "./open-original.ts";
import { judgeFailure } from "./rules.ts";
import { findEvidence, hasDerivative, originalsOf } from "./store.ts";

/**
 * Makes the pictures and the loudness over the time of each part of an item, once its facts are known. A part that
 * fails has none, and says why in the operator's log; the item's own state is not touched, whatever happens here.
 */
export async function makeStrips(deps: MediaDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { agencyId, id } = job;
  const begun = await deps.database.forAgency(agencyId, async (tx) => {
    const row = await findEvidence(tx, id);
    if (row?.media_facts == null || (row.media_state !== "ready" && row.media_state !== "failed")) return null;
    return { facts: row.media_facts, originals: await originalsOf(tx, id) };
  });
  if (begun === null) return;
  const { facts, originals } = begun;
  const makers = [
    ...(facts.video === null ? [] : [["storyboard", makeStoryboard] as const]),
    ...(facts.audio === null ? [] : [["waveform", makeWaveform] as const]),
  ];
  let again: unknown = null;
  for (const original of originals) {
    try {
      await makeCaptions(deps, job, original, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, detail, again: retry } = judgeFailure(error);
      deps.log.warn({ id, take: original.take, code, detail, retry }, "captions could not be taken out");
      if (retry) again = error;
    }
    for (const [role, make] of makers) {
      if (await deps.database.forAgency(agencyId, (tx) => hasDerivative(tx, id, role, original.take))) continue;
      try {
        const source = await openOriginal(deps, agencyId, original.id);
        await keepStrip(deps, job, original, await make(deps, source, signal));
      } catch (error) {
        if (signal.aborted) throw error;
        const { code, detail, again: retry } = judgeFailure(error);
        deps.log.warn({ id, take: original.take, role, code, detail, retry }, "a strip could not be made");
        if (retry) again = error;
      }
    }
  }
  // The other parts have theirs by now; the queue tries this one again and parks it in the end.
  if (again !== null) throw again;
}

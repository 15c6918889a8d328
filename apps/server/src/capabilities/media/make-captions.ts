import type { Job } from "../../ports/jobs.ts";
import { findCaptions, keepCaptions, readWebVtt } from "../captions/index.ts";
import { withScratchCopy } from "./copy-to-scratch.ts";
import type { MediaDeps } from "./media-deps.ts";
import { openOriginal } from "./open-original.ts";

/**
 * Takes the first track of captions out of the first part, where the file brings one. A file too large to be copied whole
 * is not looked through: its captions lie all over it.
 */
export async function makeCaptions(
  deps: MediaDeps,
  { agencyId, id }: Job,
  original: { readonly id: string; readonly take: number },
  signal: AbortSignal,
): Promise<void> {
  const none = async (): Promise<boolean> =>
    await deps.database.forAgency(agencyId, async (tx) => (await findCaptions(tx, id)) === undefined);
  if (original.take !== 0 || !(await none())) return;
  const source = await openOriginal(deps, agencyId, original.id);
  const text = await withScratchCopy(deps.scratch, source, signal, async ({ path, plan }) =>
    plan.whole ? await deps.media.captions(path, signal) : null,
  );
  const cues = text === null ? null : readWebVtt(text);
  if (cues === null) return;
  const { tool, version } = await deps.media.describe();
  await keepCaptions(deps, {
    agencyId,
    evidenceId: id,
    cues,
    madeBy: { by: "file", tool, version, fromFile: original.id },
    actor: { actorId: null },
    stillWanted: async (tx) => (await findCaptions(tx, id)) === undefined,
  });
}

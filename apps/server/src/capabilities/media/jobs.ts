import type { MediaDeps } from "./media-deps.ts";
import { makePoster } from "./make-poster.ts";
import { makeStrips } from "./make-strips.ts";
import { probeEvidence } from "./probe-evidence.ts";

/** Works `probe`, `poster` and `storyboard`. One of each at a time per process: decoding takes whole processors and memory. */
export async function workMedia(deps: MediaDeps): Promise<void> {
  await deps.jobs.work("probe", (job, signal) => probeEvidence(deps, job, signal));
  await deps.jobs.work("poster", (job, signal) => makePoster(deps, job, signal));
  await deps.jobs.work("storyboard", (job, signal) => makeStrips(deps, job, signal));
}

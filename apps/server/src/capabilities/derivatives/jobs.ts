import type { RenderDeps } from "./keep-derivative.ts";
import { workRendering } from "./work-rendering.ts";

/** One at a time per process: encoding takes whole processors. */
export async function workDerivatives(deps: RenderDeps): Promise<void> {
  await deps.jobs.work("render", (job, signal) => workRendering(deps, job, signal));
}

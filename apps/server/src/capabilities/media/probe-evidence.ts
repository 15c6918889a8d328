import type { MediaFacts } from "@sworn/contract";
import type { Job } from "../../ports/jobs.ts";
import { append } from "../custody/index.ts";
import { withScratchCopy } from "./copy-to-scratch.ts";
import type { MediaDeps } from "./media-deps.ts";
import { openOriginal } from "./open-original.ts";
import { factsForLog, judgeFacts, judgeFailure, type Verdict } from "./rules.ts";
import { isPositionsFailure } from "./settle-positions.ts";
import { type EvidenceRow, findEvidence, firstOriginal, setFacts, setMediaState } from "./store.ts";

/** Reads facts from the item's first original; asks for poster and strips in the same transaction that makes them visible. */
export async function probeEvidence(deps: MediaDeps, job: Job, signal: AbortSignal): Promise<void> {
  const { database } = deps;
  const begun = await database.forAgency(job.agencyId, async (tx) => {
    const row = await findEvidence(tx, job.id);
    const original = row === undefined ? undefined : await firstOriginal(tx, job.id);
    if (row === undefined || original === undefined || row.media_state === "ready") return null;
    await setMediaState(tx, job.id, { state: "running", code: null, detail: null });
    return { row, original };
  });
  if (begun === null) return;
  const { row, original } = begun;
  let facts: MediaFacts | null = null;
  let verdict: Verdict;
  let failure: unknown = null;
  try {
    const source = await openOriginal(deps, job.agencyId, original.id);
    const read = await withScratchCopy(deps.scratch, source, signal, async (copy) => ({
      facts: await deps.media.probe(copy.path, signal),
      ...copy,
    }));
    facts = { ...read.facts, durationMs: lengthOf(row, read.facts, read.plan.fragmented && !read.plan.whole) };
    verdict = judgeFacts(read.missing);
  } catch (error) {
    failure = error;
    verdict = signal.aborted ? { state: "pending", code: null, detail: null, again: true } : judgeFailure(error);
  }
  await record(deps, job, facts, verdict);
  // Visible first, then tried again: the queue waits longer each time and parks it in the end.
  if (verdict.again) throw failure;
}

/** A recording's length is known from its fragments; a file of which only the beginning was read does not tell its own. */
function lengthOf(row: EvidenceRow, facts: MediaFacts, partial: boolean): number | null {
  return row.duration_ms ?? (partial ? null : facts.durationMs);
}

async function record(deps: MediaDeps, job: Job, facts: MediaFacts | null, verdict: Verdict): Promise<void> {
  const tool = facts === null ? null : await deps.media.describe();
  await deps.database.forAgency(job.agencyId, async (tx) => {
    const row = await findEvidence(tx, job.id);
    // Another worker, or this job's earlier run, was first.
    if (row === undefined || row.media_state === "ready") return;
    // The positions may have failed while the probe ran: that stays visible, unless this is worse.
    if (verdict.state !== "ready" || !isPositionsFailure(row)) await setMediaState(tx, job.id, verdict);
    if (facts !== null) await setFacts(tx, row, facts);
    if (facts !== null) for (const name of ["poster", "storyboard"] as const) await deps.jobs.send(tx, name, job);
    // A hang that is tried again is no fact about the evidence; what was found, or refused for good, is.
    if (verdict.again) return;
    await append(tx, deps.custody, job.agencyId, {
      kind: "evidence.probed",
      subject: { kind: "evidence", id: job.id },
      actorId: null,
      reason: verdict.code,
      details: {
        state: verdict.state,
        ...(facts === null ? {} : factsForLog(facts)),
        ...(tool === null ? {} : { tool: tool.tool, version: tool.version }),
      },
    });
  });
}

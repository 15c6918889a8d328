import { Problem } from "@sworn/contract";
import { sql } from "kysely";
import type { Job } from "../../ports/jobs.ts";
import { type AdmittedFile, admitFile, discardSpan } from "../intake/index.ts";
import { judgeFailure } from "../media/index.ts";
import { uploaderMaySee } from "../access/index.ts";
import { keepDerivative, type RenderDeps } from "./keep-derivative.ts";
import { type Made, render } from "./render.ts";
import { findSource, lockRendering, type RenderingRow, setRendering, type Source } from "./store.ts";

/** Nobody waits for it any more. */
class Cancelled extends Error {}

/**
 * Makes what was asked for and keeps it, or writes down why not. May run again after a worker died: until the last
 * transaction there is nothing but bytes without a name, which the sweeper finds.
 */
export async function workRendering(deps: RenderDeps, job: Job, stop: AbortSignal): Promise<void> {
  const begun = await begin(deps, job);
  if (begun === null) return;
  const { row, source } = begun;
  const cancel = new AbortController();
  const signal = AbortSignal.any([stop, cancel.signal]);
  const watch = watchProgress(deps, row, cancel);
  try {
    await render(deps, row, source, watch.progress, signal, (made) => keep(deps, row, source, made));
  } catch (error) {
    if (stop.aborted) throw error; // the server stops: this job comes again after the next start
    await fail(deps, row, error);
  } finally {
    await watch.end();
  }
}

async function begin(deps: RenderDeps, { agencyId, id }: Job): Promise<{ row: RenderingRow; source: Source } | null> {
  return await deps.database.forAgency(agencyId, async (tx) => {
    const row = await lockRendering(tx, id);
    if (row === undefined || (row.state !== "waiting" && row.state !== "running")) return null;
    const asker = { actorId: row.asked_by, personId: row.person_id, deviceId: null };
    const source = (await uploaderMaySee(tx, asker, row.source_id))
      ? await findSource(tx, row.source_id, row.take)
      : undefined;
    if (source === undefined) {
      await setRendering(tx, id, {
        state: "failed",
        code: "not-found",
        detail: null,
        ended_at: new Date(deps.clock.now()),
      });
      return null;
    }
    const key = await tx
      .selectFrom("sworn.evidence_key")
      .select("evidence_id")
      .where("evidence_id", "=", id)
      .executeTakeFirst();
    if (key === undefined) await deps.evidenceKeys.create(tx, agencyId, id);
    await setRendering(tx, id, { state: "running", permille: 0, code: null, detail: null });
    return { row, source };
  });
}

/** Once a second: how far it is, and whether anybody still wants it. */
function watchProgress(
  deps: RenderDeps,
  { agency_id, id }: RenderingRow,
  cancel: AbortController,
): { progress: (permille: number) => void; end: () => Promise<void> } {
  let permille = 0;
  let asking = Promise.resolve();
  const look = (): Promise<void> =>
    deps.database.forAgency(agency_id, async (tx) => {
      const going = await tx
        .updateTable("sworn.rendering")
        .set({ permille })
        .where("id", "=", id)
        .where("state", "=", "running")
        .returning("id")
        .executeTakeFirst();
      if (going === undefined) cancel.abort(new Cancelled("nobody waits for it any more"));
    });
  const timer = setInterval(() => {
    asking = asking.then(look).catch(() => undefined); // a database that is away is asked again
  }, 1000);
  return {
    progress: (now) => (permille = Math.max(0, Math.min(999, now))),
    async end() {
      clearInterval(timer);
      await asking;
    },
  };
}

async function keep(deps: RenderDeps, row: RenderingRow, source: Source, made: Made): Promise<void> {
  const { tool, version } = await deps.media.describe();
  const about = { agencyId: row.agency_id, evidenceId: row.id, madeBy: { tool, version, fromFile: source.fileId } };
  const files: AdmittedFile[] = [];
  const discard = async (): Promise<void> => {
    for (const file of files) for (const span of file.spans) await discardSpan(deps, span);
  };
  try {
    files.push(await admitFile(deps, { ...about, role: "original", mediaType: made.mediaType, bytes: made.bytes }));
    if (made.poster !== null)
      files.push(await admitFile(deps, { ...about, role: "poster", mediaType: "image/jpeg", bytes: [made.poster] }));
    const [file, poster] = files;
    if (file === undefined) throw new Error("nothing was admitted");
    const kept = await deps.database.forAgency(row.agency_id, (tx) =>
      keepDerivative(tx, deps, { row, source, made, file, poster: poster ?? null, tool, version }),
    );
    if (!kept) throw new Cancelled("it was cancelled while its bytes were stored");
  } catch (error) {
    await discard();
    throw error;
  }
}

async function fail(deps: RenderDeps, { agency_id, id }: RenderingRow, error: unknown): Promise<void> {
  const verdict = judgeFailure(error);
  const [code, detail] = error instanceof Problem ? [error.code, error.message] : [verdict.code, verdict.detail];
  await deps.database.forAgency(agency_id, async (tx) => {
    const row = await lockRendering(tx, id);
    if (row?.state === "running") {
      deps.log.warn({ id, code, detail }, "a still or clip could not be made");
      await setRendering(tx, id, { state: "failed", code, detail, ended_at: new Date(deps.clock.now()) });
    }
  });
  await dropKey(deps, agency_id, id);
}

/** Nothing was ever stored under it. */
async function dropKey(deps: RenderDeps, agencyId: string, id: string): Promise<void> {
  await deps.database.forAgency(agencyId, (tx) => sql`select sworn.drop_unused_key(${id})`.execute(tx));
  deps.evidenceKeys.forget(id);
}

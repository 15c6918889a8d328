import type { Job } from "../../ports/jobs.ts";
import { append } from "../custody/index.ts";
import { admitFile, discardSpan, recordFile } from "../intake/index.ts";
import type { MediaDeps } from "./media-deps.ts";
import { hasDerivative } from "./store.ts";

type StripRole = "storyboard" | "waveform";
/** A derivative that runs beside the time line. */
export interface Strip {
  readonly role: StripRole;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** How its bytes are laid out. */
  readonly layout: object;
  /** How many tiles or peaks, for the log. */
  readonly count: number;
}
/** Stores a strip of one part and its event together; the second of two workers keeps nothing. */
export async function keepStrip(
  deps: MediaDeps,
  job: Job,
  original: { readonly id: string; readonly take: number },
  strip: Strip,
): Promise<void> {
  const { agencyId, id } = job;
  const { role, mediaType, bytes, layout, count } = strip;
  const { take } = original;
  const { tool, version } = await deps.media.describe();
  const madeBy = { tool, version, fromFile: original.id, ...layout };
  const file = await admitFile(deps, { agencyId, evidenceId: id, role, take, mediaType, bytes: [bytes], madeBy });
  const recorded = await deps.database.forAgency(agencyId, async (tx) => {
    if (await hasDerivative(tx, id, role, take)) return false;
    await recordFile(tx, file);
    await append(tx, deps.custody, agencyId, {
      kind: "derivative.stored",
      subject: { kind: "evidence", id },
      actorId: null,
      hashes: { sha256: Buffer.from(file.sha256).toString("hex") },
      details: { file: file.id, role, take, size: file.size, tool, version, count },
    });
    return true;
  });
  if (!recorded) for (const span of file.spans) await discardSpan(deps, span);
}

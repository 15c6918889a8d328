import type { Tx } from "../../ports/database.ts";
import { type AppendDeps, append, type NewEvent } from "../custody/index.ts";
import { type AdmitDeps, admitFile, discardSpan, recordFile } from "../intake/index.ts";
import { type Cue, writeWebVtt } from "./rules.ts";

export type KeepDeps = AdmitDeps & { readonly custody: AppendDeps };

export interface Kept {
  readonly agencyId: string;
  readonly evidenceId: string;
  readonly cues: readonly Cue[];
  /** How they came to be: a tool and the file it read, or a person. */
  readonly madeBy: Readonly<Record<string, string>>;
  readonly actor: Pick<NewEvent, "actorId" | "actorKind">;
  /** Asked again inside the transaction: false keeps nothing. */
  readonly stillWanted: (tx: Tx) => Promise<boolean>;
}

/** Keeps a set of captions and its event together. False where it was not wanted any more. */
export async function keepCaptions(deps: KeepDeps, kept: Kept): Promise<boolean> {
  const { agencyId, evidenceId, cues, madeBy } = kept;
  const bytes = new TextEncoder().encode(writeWebVtt(cues));
  const file = await admitFile(deps, {
    agencyId,
    evidenceId,
    role: "captions",
    take: 0,
    mediaType: "text/vtt",
    bytes: [bytes],
    madeBy,
  });
  const recorded = await deps.database.forAgency(agencyId, async (tx) => {
    if (!(await kept.stillWanted(tx))) return false;
    await recordFile(tx, file);
    await append(tx, deps.custody, agencyId, {
      kind: "evidence.captions-added",
      subject: { kind: "evidence", id: evidenceId },
      ...kept.actor,
      hashes: { sha256: Buffer.from(file.sha256).toString("hex") },
      details: { file: file.id, size: file.size, cues: cues.length, ...madeBy },
    });
    return true;
  });
  if (!recorded) for (const span of file.spans) await discardSpan(deps, span);
  return recorded;
}

/** The newest captions of an item. */
export async function findCaptions(
  tx: Tx,
  evidenceId: string,
): Promise<{ readonly id: string; readonly sha256: Uint8Array | null } | undefined> {
  return await tx
    .selectFrom("sworn.file")
    .select(["id", "sha256"])
    .where("evidence_id", "=", evidenceId)
    .where("role", "=", "captions")
    .where("state", "=", "stored")
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
}

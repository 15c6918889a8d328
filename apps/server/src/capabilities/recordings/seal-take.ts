import { createHash } from "node:crypto";
import { createChunkRoot, equalBytes, fragmentRoot } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Job, Jobs } from "../../ports/jobs.ts";
import type { AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, openFile, StoredDamage } from "../intake/index.ts";
import { finishRecording } from "./finish-recording.ts";
import { admitTrack, recordTrack } from "./seal-track.ts";

export interface SealDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly jobs: Jobs;
}

interface Ended {
  readonly recordingId: string;
  readonly take: number;
  readonly fileId: string;
  readonly size: number;
  readonly sealed: boolean;
  readonly fragments: readonly { n: number; sha256: Uint8Array; size: number }[];
}

interface Identity {
  readonly sha256: Uint8Array;
  readonly chunkRoot: Uint8Array;
  readonly fragmentRoot: Uint8Array | null;
}

/**
 * Job `seal-take`: gives an ended take its identity by reading its file back from the object store once, from start to
 * end, and finishes the recording when this was its last take. Every step may be repeated: what is done is not redone.
 * Throws StoredDamage when what is stored is not what was received; then nothing is called stored.
 */
export async function sealTake(deps: SealDeps, { agencyId, id }: Job, signal?: AbortSignal): Promise<void> {
  const ended = await deps.database.forAgency(agencyId, (tx) => readEnded(tx, id));
  if (ended === null) return; // still open, or the roller has to bring the rest first: it sends this job again
  const { recordingId, take, fileId } = ended;
  const identity = ended.sealed || ended.size === 0 ? null : await identify(deps, agencyId, ended, signal);
  const track = await admitTrack(deps, { agencyId, evidenceId: recordingId, takeId: id, take });
  await deps.database.forAgency(agencyId, async (tx) => {
    // All takes of a recording finish one after the other: the last one sees that it is the last.
    await tx.selectFrom("sworn.recording").select("id").where("id", "=", recordingId).forUpdate().execute();
    if (identity !== null) await writeIdentity(tx, id, fileId, ended.size, identity);
    else if (ended.size === 0)
      await tx.updateTable("sworn.take").set({ state: "interrupted" }).where("id", "=", id).execute();
    if (track !== null) await recordTrack(tx, deps.custody, agencyId, id, track);
    await finishRecording(tx, deps, agencyId, recordingId);
  });
}

async function readEnded(tx: Tx, takeId: string): Promise<Ended | null> {
  const take = await tx.selectFrom("sworn.take").selectAll().where("id", "=", takeId).executeTakeFirst();
  if (take === undefined || take.state === "open") return null;
  const fragments = await tx
    .selectFrom("sworn.fragment")
    .select(["n", "sha256", "size", "spool_node"])
    .where("take_id", "=", takeId)
    .orderBy("n")
    .execute();
  if (fragments.some((fragment) => fragment.spool_node !== null)) return null;
  return {
    recordingId: take.recording_id,
    take: take.take,
    fileId: take.file_id,
    size: take.size,
    sealed: take.sha256 !== null,
    fragments,
  };
}

async function identify(deps: SealDeps, agencyId: string, ended: Ended, signal?: AbortSignal): Promise<Identity> {
  const file = await openFile(deps, agencyId, ended.fileId);
  if (file.size !== ended.size) throw new StoredDamage("spans-incomplete", null);
  const whole = createHash("sha256");
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  const fragments = matchFragments(ended.fragments);
  for await (const piece of file.bytes) {
    signal?.throwIfAborted();
    whole.update(piece);
    chunks.update(piece);
    fragments.update(piece);
  }
  fragments.end();
  const leaves = ended.fragments.filter((fragment) => fragment.n >= 0).map((fragment) => fragment.sha256);
  return {
    sha256: whole.digest(),
    chunkRoot: chunks.finish().root,
    fragmentRoot: leaves.length === 0 ? null : fragmentRoot(leaves, nodeSha256),
  };
}

/** Holds what is read back against what each fragment was when it was received: span borders cannot hide a swap. */
function matchFragments(fragments: Ended["fragments"]): { update(piece: Uint8Array): void; end(): void } {
  let index = 0;
  let left = fragments[0]?.size ?? 0;
  let hash = createHash("sha256");
  function update(piece: Uint8Array): void {
    let rest = piece;
    while (rest.length > 0) {
      const expected = fragments[index];
      if (expected === undefined) throw new StoredDamage("span-hash-mismatch", null);
      const own = rest.subarray(0, left);
      hash.update(own);
      rest = rest.subarray(own.length);
      left -= own.length;
      if (left > 0) return;
      if (!equalBytes(hash.digest(), expected.sha256)) throw new StoredDamage("span-hash-mismatch", null);
      index += 1;
      left = fragments[index]?.size ?? 0;
      hash = createHash("sha256");
    }
  }
  return {
    update,
    end() {
      if (index !== fragments.length) throw new StoredDamage("spans-incomplete", null);
    },
  };
}

async function writeIdentity(tx: Tx, takeId: string, fileId: string, size: number, identity: Identity): Promise<void> {
  const { sha256, chunkRoot } = identity;
  await tx
    .updateTable("sworn.file")
    .set({ state: "stored", size, sha256, chunk_root: chunkRoot })
    .where("id", "=", fileId)
    .execute();
  await tx
    .updateTable("sworn.take")
    .set((eb) => ({
      sha256,
      chunk_root: chunkRoot,
      fragment_root: identity.fragmentRoot,
      // An interrupted take stays marked as such for ever; a missing close is shown, not hidden.
      state: eb
        .case()
        .when("state", "=", "interrupted")
        .then("interrupted" as const)
        .else("stored" as const)
        .end(),
    }))
    .where("id", "=", takeId)
    .execute();
}

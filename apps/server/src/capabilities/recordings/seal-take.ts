import { createHash } from "node:crypto";
import { createChunkRoot, createFrontier, equalBytes, hashFragmentLeaf } from "@sworn/core";
import { nodeSha256, startNodeSha256 } from "@sworn/core/node";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import type { Job, Jobs } from "../../ports/jobs.ts";
import type { AppendDeps } from "../custody/index.ts";
import { type AdmitDeps, openFile, StoredDamage } from "../intake/index.ts";
import { finishRecording } from "./finish-recording.ts";
import { admitTrack, recordTrack } from "./seal-track.ts";
import { eachFragment, hasSpooled, type KnownFragment } from "./store.ts";

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
  const identity = ended.sealed || ended.size === 0 ? null : await identify(deps, agencyId, id, ended, signal);
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
  if (await hasSpooled(tx, takeId)) return null;
  return {
    recordingId: take.recording_id,
    take: take.take,
    fileId: take.file_id,
    size: take.size,
    sealed: take.sha256 !== null,
  };
}

async function identify(
  deps: SealDeps,
  agencyId: string,
  takeId: string,
  ended: Ended,
  signal?: AbortSignal,
): Promise<Identity> {
  const file = await openFile(deps, agencyId, ended.fileId);
  if (file.size !== ended.size) throw new StoredDamage("spans-incomplete", null);
  const whole = createHash("sha256");
  const chunks = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
  const fragments = matchFragments(eachFragment(deps.database, agencyId, takeId, -1));
  for await (const piece of file.bytes) {
    signal?.throwIfAborted();
    whole.update(piece);
    chunks.update(piece);
    await fragments.update(piece);
  }
  return { sha256: whole.digest(), chunkRoot: chunks.finish().root, fragmentRoot: await fragments.end() };
}

/**
 * Holds what is read back against what each fragment was when it was received: span borders cannot hide a swap. At the
 * end their root, or null where there is none but the init segment.
 */
function matchFragments(fragments: AsyncGenerator<KnownFragment>): {
  update(piece: Uint8Array): Promise<void>;
  end(): Promise<Uint8Array | null>;
} {
  const frontier = createFrontier(undefined, nodeSha256);
  let expected: KnownFragment | null = null;
  let left = 0;
  let hash = createHash("sha256");
  return {
    async update(piece) {
      for (let rest = piece; rest.length > 0;) {
        if (expected === null) {
          const next = await fragments.next();
          if (next.done === true) throw new StoredDamage("span-hash-mismatch", null);
          expected = next.value;
          left = expected.size;
        }
        const own = rest.subarray(0, left);
        hash.update(own);
        rest = rest.subarray(own.length);
        left -= own.length;
        if (left > 0) return;
        if (!equalBytes(hash.digest(), expected.sha256)) throw new StoredDamage("span-hash-mismatch", null);
        if (expected.n >= 0) frontier.append(hashFragmentLeaf(expected.sha256, nodeSha256));
        expected = null;
        hash = createHash("sha256");
      }
    },
    async end() {
      if (expected !== null || (await fragments.next()).done !== true) throw new StoredDamage("spans-incomplete", null);
      return frontier.size === 0 ? null : frontier.root();
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

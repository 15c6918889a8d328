import { type EvidenceStrips, Problem } from "@sworn/contract";
import { toHex } from "@sworn/core";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import type { Principal, Reply } from "../../ports/http.ts";
import { assertViewable } from "../access/index.ts";
import { actorOf, appendOncePerDay } from "../custody/index.ts";
import { openFileIn } from "../intake/index.ts";
import { matchesTag } from "./rules.ts";
import type { PlaybackDeps } from "./serve-media.ts";
import { type Playable, findItem, findStrips } from "./store.ts";

// Written by our own job; checked all the same, because an answer must not depend on what some earlier version wrote.
const StoryboardLayout = z.object({
  tileWidth: z.int().positive(),
  tileHeight: z.int().positive(),
  columns: z.int().positive(),
  tiles: z.array(z.int().nonnegative()).min(1),
});
const WaveformLayout = z.object({ form: z.literal("u8-peaks"), stepMs: z.int().positive() });
const MAX_PEAKS = 36_000;

interface Asked {
  readonly id: string;
  readonly take: number | undefined;
}

/**
 * The pictures over the whole length, in one JPEG. They show the footage, so this is a look at it, and an event of its
 * own: committed to the log before the first byte, also when the browser has them already (304).
 */
export async function serveStoryboard(
  deps: PlaybackDeps,
  principal: Principal,
  asked: Asked,
  ifNoneMatch: string | undefined,
): Promise<Reply> {
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertShown(tx, principal, asked.id);
    const file = (await findStrips(tx, asked.id, asked.take)).storyboard;
    if (file === undefined || file.sha256 === null) throw new Problem("not-found");
    await appendOncePerDay(tx, deps.custody, principal.agencyId, {
      kind: "evidence.previewed",
      subject: { kind: "evidence", id: asked.id },
      ...actorOf(principal),
      details: { take: file.take },
    });
    const etag = `"${toHex(file.sha256)}"`;
    const headers = {
      etag,
      "cache-control": "private, no-cache",
      "content-type": file.mediaType,
      "x-content-type-options": "nosniff",
    };
    if (matchesTag(ifNoneMatch, etag)) return { status: 304, headers };
    const { bytes, size } = await openFileIn(deps, tx, file.fileId);
    return { headers: { ...headers, "content-length": String(size) }, body: bytes };
  });
}

/** Where the storyboard's tiles stand in time, and how loud it is; no picture, so it is not logged. */
export async function describeStrips(deps: PlaybackDeps, principal: Principal, asked: Asked): Promise<EvidenceStrips> {
  return await deps.database.forAgency(principal.agencyId, async (tx) => {
    await assertShown(tx, principal, asked.id);
    const { storyboard, waveform } = await findStrips(tx, asked.id, asked.take);
    return {
      storyboard: storyboard === undefined ? null : layoutOf(asked.id, storyboard),
      waveform: waveform === undefined ? null : await peaksOf(deps, tx, waveform),
    };
  });
}

async function assertShown(tx: Tx, principal: Principal, id: string): Promise<void> {
  await assertViewable(tx, principal, id);
  const item = await findItem(tx, id);
  if (item === undefined || item.state === "disposed") throw new Problem("not-found");
}

function layoutOf(id: string, file: Playable & { readonly madeBy: unknown }): EvidenceStrips["storyboard"] {
  const layout = StoryboardLayout.safeParse(file.madeBy);
  if (!layout.success) return null;
  const { tileWidth, tileHeight, columns, tiles } = layout.data;
  return { url: `/api/v1/evidence/${id}/storyboard?take=${file.take}`, tileWidth, tileHeight, columns, tiles };
}

async function peaksOf(
  deps: PlaybackDeps,
  tx: Tx,
  file: Playable & { readonly madeBy: unknown },
): Promise<EvidenceStrips["waveform"]> {
  const layout = WaveformLayout.safeParse(file.madeBy);
  const { bytes, size } = await openFileIn(deps, tx, file.fileId);
  if (!layout.success || size > MAX_PEAKS) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(Uint8Array.from(piece));
  return { stepMs: layout.data.stepMs, peaks: Buffer.concat(pieces).toString("base64") };
}

import {
  buildRoot,
  concatBytes,
  custodyLeaf,
  encodeEntryBundle,
  entryBundlePath,
  equalBytes,
  frontierNodes,
  fromUtf8,
  type NoteSigner,
  parseCheckpoint,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileId,
  tilePath,
  tilesForGrowth,
  toUtf8,
  verifyNote,
} from "@sworn/core";
import { nodeSha256, nodeVerifyEd25519 } from "@sworn/core/node";

import type { Database, Tx } from "../../ports/database.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { LogError } from "./log-error.ts";
import { readCommitments, readLastCheckpoint, readLevel, readNodes } from "./tree-store.ts";

export interface PublishDeps {
  readonly database: Database;
  readonly tileStore: TileStore;
  readonly signer: NoteSigner;
}

export const CHECKPOINT_PATH = "checkpoint";

/**
 * Writes what the public copy lacks: tiles and entry bundles (C2SP tlog-tiles), then the checkpoint, so that
 * a published checkpoint never names a tile that is not there. Safe to repeat, and after any crash.
 * `thorough` also compares every tile that should be there already: the copy is not fsynced, so a loss of
 * power can take files from it.
 *
 * @returns the size that is published now, and how many files were not what they must be
 * @throws LogError `public-copy-ahead` or `public-copy-forked`: the database was rolled back or rewritten
 */
export async function publish(deps: PublishDeps, thorough = false): Promise<{ size: number; repaired: number }> {
  return await deps.database.asSequencer(async (tx) => {
    const last = await readLastCheckpoint(tx);
    const published = await readPublished(deps);
    if (last === null) {
      if (published !== null) throw ahead(published.size, 0);
      return { size: 0, repaired: 0 };
    }
    if (published !== null) await assertPrefix(tx, published, last.size);
    const before = published?.size ?? 0;
    const repaired = thorough ? await repairTiles(tx, deps.tileStore, before) : 0;
    if (before === last.size) return { size: before, repaired };
    for (const tile of tilesForGrowth(before, last.size)) {
      for (const file of await tileFiles(tx, tile)) await deps.tileStore.put(file.path, file.bytes);
    }
    await deps.tileStore.put(CHECKPOINT_PATH, toUtf8(last.note));
    return { size: last.size, repaired };
  });
}

async function repairTiles(tx: Tx, tileStore: TileStore, size: number): Promise<number> {
  let repaired = 0;
  for await (const { path, bytes } of publicFilesOf(tx, size)) {
    const found = await tileStore.get(path);
    if (found !== null && equalBytes(found, bytes)) continue;
    await tileStore.put(path, bytes);
    repaired += 1;
  }
  return repaired;
}

/** Every tile and entry bundle that the public copy of `size` leaves must hold, as the database gives it. */
export async function* publicFilesOf(tx: Tx, size: number): AsyncIterable<{ path: string; bytes: Uint8Array }> {
  for (const tile of tilesForGrowth(0, size)) yield* await tileFiles(tx, tile);
}

/** What the public copy says of itself, if this log's key signed it; damage there is repaired by writing it anew. */
async function readPublished({ tileStore, signer }: PublishDeps): Promise<{ size: number; root: Uint8Array } | null> {
  const bytes = await tileStore.get(CHECKPOINT_PATH);
  if (bytes === null) return null;
  try {
    const { text } = verifyNote(fromUtf8(bytes), [signer.key], nodeVerifyEd25519);
    return parseCheckpoint(text);
  } catch {
    return null;
  }
}

/** The public copy was signed earlier by this key: it must be a prefix of what the database holds. */
async function assertPrefix(tx: Tx, published: { size: number; root: Uint8Array }, size: number): Promise<void> {
  if (published.size > size) throw ahead(published.size, size);
  const root = buildRoot(published.size, await readNodes(tx, frontierNodes(published.size)), nodeSha256);
  if (equalBytes(root, published.root)) return;
  throw new LogError(
    "public-copy-forked",
    `The public copy was signed for ${published.size} leaves with another root than the database gives.`,
  );
}

function ahead(published: number, stored: number): LogError {
  return new LogError(
    "public-copy-ahead",
    `The public copy covers ${published} leaves and the database only ${stored}: the database was rolled back. Nothing is signed until the newer database is back.`,
  );
}

/** A tile as it must be, and for the lowest level the entries themselves. */
async function tileFiles(tx: Tx, tile: TileId): Promise<{ path: string; bytes: Uint8Array }[]> {
  const from = tile.index * TILE_WIDTH;
  const hashes = await readLevel(tx, tile.level * TILE_HEIGHT, from, from + tile.width);
  if (hashes.length !== tile.width) throw new LogError("node-missing", `Nodes of ${tilePath(tile)} are missing.`);
  const files = [{ path: tilePath(tile), bytes: concatBytes(...hashes) }];
  if (tile.level > 0) return files;
  const entries = (await readCommitments(tx, from, from + tile.width)).map((commitment) => custodyLeaf(commitment));
  return [{ path: entryBundlePath(tile), bytes: encodeEntryBundle(entries) }, ...files];
}

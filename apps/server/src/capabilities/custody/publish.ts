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
import { sql } from "kysely";

import type { Database, Tx } from "../../ports/database.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { LogError } from "./log-error.ts";
import { readCommitments, readLastCheckpoint, readLevel, readNodes, type StoredCheckpoint } from "./tree-store.ts";

export interface PublishDeps {
  readonly database: Database;
  readonly tileStore: TileStore;
  readonly signer: NoteSigner;
}

export const CHECKPOINT_PATH = "checkpoint";

/** "tile" in ASCII: an older checkpoint must not be written over a newer one that another process just wrote. */
const PUBLISH_LOCK = 0x74696c65;

/**
 * Writes what the public copy lacks: tiles and entry bundles (C2SP tlog-tiles), then the checkpoint, so that
 * a published checkpoint never names a tile that is not there. Safe to repeat, and after any crash.
 *
 * @returns the size that is published now; null while another process is at it
 * @throws LogError `public-copy-ahead` or `public-copy-forked`: the database was rolled back or rewritten
 */
export async function publish(deps: PublishDeps): Promise<number | null> {
  return await deps.database.asSequencer(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${PUBLISH_LOCK}) as mine`.execute(
      tx,
    );
    if (rows[0]?.mine !== true) return null;
    const { last, published } = await compare(tx, deps);
    const before = published?.size ?? 0;
    if (last === null || before === last.size) return before;
    for (const tile of tilesForGrowth(before, last.size)) {
      for (const file of await tileFiles(tx, tile)) await deps.tileStore.put(file.path, file.bytes);
    }
    await deps.tileStore.put(CHECKPOINT_PATH, toUtf8(last.note));
    return last.size;
  });
}

/**
 * Before anything is signed: the database must hold all that was once published. Writes nothing, so that a full
 * disk does not keep events from their place in the log.
 *
 * @throws LogError `public-copy-ahead`, `public-copy-forked`, `node-missing`
 */
export async function comparePublicCopy(deps: PublishDeps): Promise<void> {
  await deps.database.asSequencer((tx) => compare(tx, deps));
}

async function compare(
  tx: Tx,
  deps: PublishDeps,
): Promise<{ last: StoredCheckpoint | null; published: Published | null }> {
  // In this order: another process may publish meanwhile, and what it publishes is in the database already.
  const published = await readPublished(deps);
  const last = await readLastCheckpoint(tx);
  if (published !== null) await assertPrefix(tx, published, last?.size ?? 0);
  return { last, published };
}

/**
 * Compares every file that the public copy should hold and writes anew what is missing or altered: the copy is
 * not fsynced, so a loss of power can take files from it. Reads the whole log; runs beside the sequencer.
 *
 * @returns how many files were not what they must be
 */
export async function repairPublicCopy(deps: PublishDeps, signal: AbortSignal): Promise<number> {
  const published = await readPublished(deps);
  let repaired = 0;
  for (const tile of tilesForGrowth(0, published?.size ?? 0)) {
    if (signal.aborted) break;
    for (const { path, bytes } of await deps.database.asSequencer((tx) => tileFiles(tx, tile))) {
      const found = await deps.tileStore.get(path);
      if (found !== null && equalBytes(found, bytes)) continue;
      await deps.tileStore.put(path, bytes);
      repaired += 1;
    }
  }
  return repaired;
}

/** Every tile and entry bundle that the public copy of `size` leaves must hold, as the database gives it. */
export async function* publicFilesOf(tx: Tx, size: number): AsyncIterable<{ path: string; bytes: Uint8Array }> {
  for (const tile of tilesForGrowth(0, size)) yield* await tileFiles(tx, tile);
}

/** What the public copy says of itself, if this log's key signed it; damage there is repaired by writing it anew. */
async function readPublished({ tileStore, signer }: PublishDeps): Promise<Published | null> {
  const bytes = await tileStore.get(CHECKPOINT_PATH);
  if (bytes === null) return null;
  try {
    const { text } = verifyNote(fromUtf8(bytes), [signer.key], nodeVerifyEd25519);
    return parseCheckpoint(text);
  } catch {
    return null;
  }
}

interface Published {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The public copy was signed earlier by this key: it must be a prefix of what the database holds. */
async function assertPrefix(tx: Tx, published: Published, size: number): Promise<void> {
  if (published.size > size) throw ahead(published.size, size);
  const ids = frontierNodes(published.size);
  const read = await readNodes(tx, ids);
  const missing = ids.find(({ level, index }) => read(level, index) === undefined);
  if (missing !== undefined) {
    throw new LogError("node-missing", `Node ${missing.index} of level ${missing.level} is missing.`);
  }
  const root = buildRoot(published.size, read, nodeSha256);
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

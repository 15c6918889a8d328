import { CoreError } from "../error.ts";
import { HASH_LENGTH, type Sha256, pureSha256 } from "../hash/sha256.ts";
import type { ReadNode } from "./build-proof.ts";
import { foldRight } from "./frontier.ts";
import { assertSize } from "./hash-tree.ts";

/** Hashes in a full tile: 2^8 (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** A tile: `width` hashes (1..256) of tree level 8 * `level`, from position 256 * `index` on. */
export type TileId = { level: number; index: number; width: number };

const MAX_LEVEL = 63;

/** Path of a tile below the log's prefix: `tile/0/x001/067` or `tile/0/x001/067.p/12` when partial. */
export function tilePath(tile: TileId): string {
  assertTile(tile.level, tile.index, tile.width);
  return `tile/${tile.level}/${indexPath(tile.index)}${partialSuffix(tile.width)}`;
}

/** Path of an entry bundle: `tile/entries/…`, with the index and width of its level-0 tile. */
export function entryBundlePath(bundle: { index: number; width: number }): string {
  assertTile(0, bundle.index, bundle.width);
  return `tile/entries/${indexPath(bundle.index)}${partialSuffix(bundle.width)}`;
}

/** Reads a tile or entry bundle path; one spelling only, so a path can serve as a cache key. `tile-path-malformed`. */
export function parseTilePath(
  path: string,
): (TileId & { kind: "tile" }) | { kind: "entries"; index: number; width: number } {
  const match = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path);
  const [, kind = "", digits = "", partial] = match ?? [];
  if (match === null) throw new CoreError("tile-path-malformed", "not a tile path");
  const index = Number(digits.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const level = kind === "entries" ? 0 : Number(kind);
  if (partial !== undefined && width >= TILE_WIDTH)
    throw new CoreError("tile-path-malformed", "a partial tile has at most 255 hashes");
  if (level > MAX_LEVEL || !Number.isSafeInteger(index) || indexPath(index) !== digits) {
    throw new CoreError("tile-path-malformed", "the tile path has another spelling or is out of range");
  }
  return kind === "entries" ? { kind: "entries", index, width } : { kind: "tile", level, index, width };
}

/** Hashes that level `level` of a tree of `size` leaves has: complete nodes of tree level 8 * `level`. */
export function tileLevelWidth(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** All tiles to publish when a tree grows from `oldSize` to `newSize`: full ones, then the partial of each level. */
export function tilesForGrowth(oldSize: number, newSize: number): TileId[] {
  assertSize(oldSize, "oldSize");
  assertSize(newSize, "newSize");
  if (oldSize > newSize) throw new CoreError("size-order", "a log does not shrink");
  const tiles: TileId[] = [];
  for (let level = 0; tileLevelWidth(newSize, level) > 0; level++) {
    const before = tileLevelWidth(oldSize, level);
    const after = tileLevelWidth(newSize, level);
    if (before === after) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index++) {
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, after - index * TILE_WIDTH) });
    }
  }
  return tiles;
}

/** The tile, as published for `size` leaves, that a complete node (tree level, index) is read from. */
export function tileForNode(level: number, index: number, size: number): TileId {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const span = 2 ** (level - tileLevel * TILE_HEIGHT);
  const first = index * span;
  const tileIndex = Math.floor(first / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, tileLevelWidth(size, tileLevel) - tileIndex * TILE_WIDTH);
  if (width < (first % TILE_WIDTH) + span) {
    throw new CoreError("tile-out-of-range", `node ${index} of level ${level} is not complete at size ${size}`);
  }
  return { level: tileLevel, index: tileIndex, width };
}

/** Hash of a complete node, computed from the bytes of its tile (see `tileForNode`); `tile-malformed` on a wrong length. */
export function hashFromTile(
  tile: TileId,
  bytes: Uint8Array,
  level: number,
  index: number,
  sha256: Sha256 = pureSha256,
): Uint8Array {
  if (bytes.length !== tile.width * HASH_LENGTH) {
    throw new CoreError("tile-malformed", `a tile of width ${tile.width} has ${bytes.length} bytes`);
  }
  const span = 2 ** (level - tile.level * TILE_HEIGHT);
  const offset = index * span - tile.index * TILE_WIDTH;
  if (span < 1 || offset < 0 || offset + span > tile.width) {
    throw new CoreError("tile-out-of-range", `node ${index} of level ${level} is not in this tile`);
  }
  let hashes: Uint8Array[] = Array.from({ length: span }, (_, i) =>
    bytes.slice((offset + i) * HASH_LENGTH, (offset + i + 1) * HASH_LENGTH),
  );
  while (hashes.length > 1) {
    hashes = Array.from(
      { length: hashes.length / 2 },
      (_, i) => foldRight(hashes.slice(2 * i, 2 * i + 2), sha256) ?? new Uint8Array(),
    );
  }
  const [hash] = hashes;
  if (hash === undefined) throw new CoreError("tile-malformed", "the tile is empty");
  return hash;
}

/** A node reader over tiles, for building proofs from a published log of `size` leaves. */
export function readNodesFromTiles(
  size: number,
  readTile: (tile: TileId) => Uint8Array | undefined,
  sha256: Sha256 = pureSha256,
): ReadNode {
  return (level, index) => {
    const tile = tileForNode(level, index, size);
    const bytes = readTile(tile);
    return bytes === undefined ? undefined : hashFromTile(tile, bytes, level, index, sha256);
  };
}

function assertTile(level: number, index: number, width: number): void {
  const fits =
    Number.isSafeInteger(level) && level >= 0 && level <= MAX_LEVEL && Number.isSafeInteger(index) && index >= 0;
  if (!fits || !Number.isSafeInteger(width) || width < 1 || width > TILE_WIDTH) {
    throw new CoreError("tile-out-of-range", `no such tile: level ${level}, index ${index}, width ${width}`);
  }
}

function indexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
}

const partialSuffix = (width: number): string => (width === TILE_WIDTH ? "" : `.p/${width}`);

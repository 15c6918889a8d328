import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes } from "../bytes/encode-bytes.ts";
import { nodeSha256, startNodeSha256 } from "../node.ts";
import { expectCode, outcome } from "../testing/expect-code.ts";
import { referenceRoot } from "../testing/hash-tree.reference.ts";
import { runs } from "../testing/property-runs.ts";
import { buildConsistencyProof, buildInclusionProof, buildRoot } from "./build-proof.ts";
import { CHUNK_LENGTH, chunkRoot, createChunkRoot } from "./chunk-root.ts";
import { encodeEntryBundle, parseEntryBundle } from "./entry-bundle.ts";
import { fragmentRoot } from "./fragment-root.ts";
import { createFrontier } from "./frontier.ts";
import { hashLeaf } from "./hash-tree.ts";
import {
  entryBundlePath,
  hashFromTile,
  parseTilePath,
  readNodesFromTiles,
  tileForNode,
  tilePath,
  tilesForGrowth,
} from "./tile.ts";

describe("tile paths", () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, "tile/0/000"],
    [{ level: 0, index: 273, width: 112 }, "tile/0/273.p/112"],
    [{ level: 1, index: 1_234_067, width: 256 }, "tile/1/x001/x234/067"],
    [{ level: 63, index: 1000, width: 1 }, "tile/63/x001/000.p/1"],
  ])("%j is %s", (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual({ kind: "tile", ...tile });
  });

  it("of entry bundles have no level", () => {
    expect(entryBundlePath({ index: 1067, width: 3 })).toBe("tile/entries/x001/067.p/3");
    expect(parseTilePath("tile/entries/x001/067.p/3")).toEqual({ kind: "entries", index: 1067, width: 3 });
  });

  it.each([
    "",
    "tile",
    "tile/0",
    "tile/00/000",
    "tile/64/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/001",
    "tile/0/001/000",
    "tile/0/x001",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/-1/000",
    "tile/0/000/",
    "/tile/0/000",
    "tile/0/../000",
    "tile/data/000",
    "tile/0/x999/x999/x999/x999/x999/999",
    "tile/0/000\n",
  ])("refuses %j", (path) => expectCode(() => parseTilePath(path), "tile-path-malformed"));

  it("refuses tiles that cannot be", () => {
    for (const tile of [
      { level: 64, index: 0, width: 1 },
      { level: 0, index: -1, width: 1 },
      { level: 0, index: 0, width: 0 },
      { level: 0, index: 0, width: 257 },
    ]) {
      expectCode(() => tilePath(tile), "tile-out-of-range");
    }
  });
});

describe("tiles of a growing log", () => {
  it("are those that the specification lists for 70,000 and 256 entries", () => {
    const tiles = tilesForGrowth(0, 70_000);
    expect(tiles.filter(({ level, width }) => level === 0 && width === 256)).toHaveLength(273);
    expect(tiles.filter(({ level, width }) => level > 0 || width < 256)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect(tilesForGrowth(0, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect(tilesForGrowth(256, 257)).toEqual([{ level: 0, index: 1, width: 1 }]);
    expect(tilesForGrowth(255, 256)).toEqual(tilesForGrowth(0, 256));
    expect(tilesForGrowth(9, 9)).toEqual([]);
    expectCode(() => tilesForGrowth(2, 1), "size-order");
  });

  it("carry every proof", () => {
    const size = 70_000;
    const nodes = new Map<string, Uint8Array>();
    const roots = new Map<number, Uint8Array>();
    const frontier = createFrontier(undefined, nodeSha256);
    for (let i = 0; i < size; i++) {
      for (const node of frontier.append(hashLeaf(Uint8Array.of(i >> 16, i >> 8, i), nodeSha256)))
        nodes.set(`${node.level}/${node.index}`, node.hash);
      if (i % 6999 === 0) roots.set(i + 1, frontier.root());
    }
    const tiles = new Map<string, Uint8Array>();
    for (const tile of tilesForGrowth(0, size)) {
      const hashes = Array.from(
        { length: tile.width },
        (_, i) => nodes.get(`${tile.level * 8}/${tile.index * 256 + i}`) ?? new Uint8Array(),
      );
      tiles.set(tilePath(tile), concatBytes(...hashes));
    }
    const fromNodes = (level: number, index: number): Uint8Array | undefined => nodes.get(`${level}/${index}`);
    const fromTiles = readNodesFromTiles(size, (tile) => tiles.get(tilePath(tile)), nodeSha256);
    expect(buildRoot(size, fromTiles, nodeSha256)).toEqual(frontier.root());
    for (const [before, root] of roots) {
      expect(buildRoot(before, fromTiles, nodeSha256)).toEqual(root);
      expect(buildInclusionProof(before - 1, size, fromTiles, nodeSha256)).toEqual(
        buildInclusionProof(before - 1, size, fromNodes, nodeSha256),
      );
      expect(buildConsistencyProof(before, size, fromTiles, nodeSha256)).toEqual(
        buildConsistencyProof(before, size, fromNodes, nodeSha256),
      );
    }
    expectCode(
      () =>
        buildRoot(
          size,
          readNodesFromTiles(size, () => undefined),
        ),
      "node-missing",
    );
  });

  it("refuse bytes of another length and nodes they do not hold", () => {
    const tile = { level: 0, index: 0, width: 4 };
    expectCode(() => hashFromTile(tile, new Uint8Array(4 * 32 - 1), 0, 0), "tile-malformed");
    expectCode(() => hashFromTile(tile, new Uint8Array(4 * 32), 0, 4), "tile-out-of-range");
    expectCode(() => hashFromTile(tile, new Uint8Array(4 * 32), 3, 0), "tile-out-of-range");
    expectCode(() => tileForNode(1, 1, 3), "tile-out-of-range");
  });
});

describe("entry bundles", () => {
  it("go back and forth, and no cut is accepted", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
        fc.nat(),
        (entries, where) => {
          const bundle = encodeEntryBundle(entries);
          expect(parseEntryBundle(bundle, entries.length)).toEqual(entries.map((entry) => new Uint8Array(entry)));
          expect(outcome(() => parseEntryBundle(bundle.subarray(0, where % bundle.length), entries.length))).toBe(
            "entry-bundle-malformed",
          );
        },
      ),
      runs(100),
    );
  });

  it("have limits", () => {
    expectCode(() => encodeEntryBundle([]), "entry-bundle-malformed");
    expectCode(() => encodeEntryBundle(Array.from({ length: 257 }, () => new Uint8Array())), "entry-bundle-malformed");
    expectCode(() => encodeEntryBundle([new Uint8Array(65_536)]), "entry-too-long");
    expect(parseEntryBundle(encodeEntryBundle([new Uint8Array(65_535)]), 1)[0]).toHaveLength(65_535);
  });
});

describe("chunk and fragment roots", () => {
  it.each([0, 1, CHUNK_LENGTH - 1, CHUNK_LENGTH, CHUNK_LENGTH + 1, 3 * CHUNK_LENGTH + 5])(
    "of %i bytes are the definition",
    (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
      const chunks = Array.from({ length: Math.ceil(length / CHUNK_LENGTH) }, (_, i) =>
        bytes.subarray(i * CHUNK_LENGTH, (i + 1) * CHUNK_LENGTH),
      );
      const root = referenceRoot(chunks);
      expect(chunkRoot(bytes, nodeSha256)).toEqual(root);
      for (const step of [65_537, CHUNK_LENGTH, length + 1]) {
        const builder = createChunkRoot({ sha256: nodeSha256, startSha256: startNodeSha256 });
        for (let at = 0; at < length; at += step) builder.update(bytes.subarray(at, at + step));
        expect(builder.finish()).toEqual({
          root,
          length,
          chunkHashes: chunks.map((chunk) => hashLeaf(chunk, nodeSha256)),
        });
        expectCode(() => builder.update(bytes), "builder-finished");
        expectCode(() => builder.finish(), "builder-finished");
      }
    },
  );

  it("are the same in plain JavaScript", () => {
    const builder = createChunkRoot();
    builder.update(new Uint8Array(CHUNK_LENGTH + 9));
    expect(builder.finish().root).toEqual(chunkRoot(new Uint8Array(CHUNK_LENGTH + 9), nodeSha256));
  });

  it("of fragments take digests only", () => {
    const digests = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    expect(fragmentRoot(digests)).toEqual(referenceRoot(digests));
    expectCode(() => fragmentRoot([new Uint8Array(31)]), "hash-length");
  });
});

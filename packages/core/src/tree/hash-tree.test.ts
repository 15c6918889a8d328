import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalBytes, fromHex, toHex } from "../bytes/encode-bytes.ts";
import { nodeSha256 } from "../node.ts";
import { expectCode, outcome } from "../testing/expect-code.ts";
import { referenceConsistency, referencePath, referenceRoot } from "../testing/hash-tree.reference.ts";
import { bytesOf, loadVectors, numberOf, textOf, textsOf } from "../testing/load-vectors.ts";
import { runs } from "../testing/property-runs.ts";
import {
  buildConsistencyProof,
  buildConsistencyProofAsync,
  buildInclusionProof,
  buildInclusionProofAsync,
  buildRoot,
  buildRootAsync,
} from "./build-proof.ts";
import { createFrontier, frontierNodes } from "./frontier.ts";
import { hashLeaf, hashNode } from "./hash-tree.ts";
import { verifyConsistency } from "./verify-consistency.ts";
import { verifyInclusion } from "./verify-inclusion.ts";

const entry = (i: number): Uint8Array => Uint8Array.of(i >> 8, i & 255);
const entries = (n: number): Uint8Array[] => Array.from({ length: n }, (_, i) => entry(i));

/** A tree with all of its nodes stored, as the server keeps it. */
function grow(size: number): { read: (level: number, index: number) => Uint8Array | undefined; roots: Uint8Array[] } {
  const stored = new Map<string, Uint8Array>();
  const frontier = createFrontier();
  const roots = [frontier.root()];
  for (let i = 0; i < size; i++) {
    for (const node of frontier.append(hashLeaf(entry(i)))) stored.set(`${node.level}/${node.index}`, node.hash);
    roots.push(frontier.root());
  }
  return { read: (level, index) => stored.get(`${level}/${index}`), roots };
}

describe("vectors", () => {
  it.each(loadVectors("tree-root"))("root: $name", (vector) => {
    const frontier = createFrontier();
    for (const leaf of textsOf(vector, "leaves")) frontier.append(hashLeaf(fromHex(leaf)));
    expect(toHex(frontier.root())).toBe(textOf(vector, "root"));
  });

  it.each(loadVectors("tree-inclusion"))("inclusion: $name", (vector) => {
    const claim = {
      leafHash: bytesOf(vector, "leafHash"),
      index: numberOf(vector, "index"),
      size: numberOf(vector, "size"),
      proof: textsOf(vector, "proof").map(fromHex),
      root: bytesOf(vector, "root"),
    };
    expectCode(() => verifyInclusion(claim), textOf(vector, "expect"));
    expectCode(() => verifyInclusion(claim, nodeSha256), textOf(vector, "expect"));
  });

  it.each(loadVectors("tree-consistency"))("consistency: $name", (vector) => {
    const claim = {
      size1: numberOf(vector, "size1"),
      root1: bytesOf(vector, "root1"),
      size2: numberOf(vector, "size2"),
      root2: bytesOf(vector, "root2"),
      proof: textsOf(vector, "proof").map(fromHex),
    };
    expectCode(() => verifyConsistency(claim), textOf(vector, "expect"));
  });
});

describe("against the recursive definition", () => {
  const most = 40;
  const tree = grow(most);

  it("has its roots, from the frontier and from stored nodes", () => {
    for (let n = 0; n <= most; n++) {
      const root = referenceRoot(entries(n));
      expect(tree.roots[n]).toEqual(root);
      expect(buildRoot(n, tree.read)).toEqual(root);
    }
  });

  it("builds its audit paths, which verify", () => {
    for (let n = 1; n <= most; n++) {
      for (let m = 0; m < n; m++) {
        const proof = buildInclusionProof(m, n, tree.read);
        expect(proof).toEqual(referencePath(m, entries(n)));
        verifyInclusion({ leafHash: hashLeaf(entry(m)), index: m, size: n, proof, root: referenceRoot(entries(n)) });
      }
    }
  });

  it("builds its consistency proofs, which verify", () => {
    for (let n = 1; n <= most; n++) {
      for (let m = 1; m <= n; m++) {
        const proof = buildConsistencyProof(m, n, tree.read);
        expect(proof).toEqual(referenceConsistency(m, entries(n)));
        verifyConsistency({
          size1: m,
          root1: referenceRoot(entries(m)),
          size2: n,
          root2: referenceRoot(entries(n)),
          proof,
        });
      }
    }
  });

  it("builds the same over a reader that answers later", async () => {
    const later = (level: number, index: number): Promise<Uint8Array | undefined> =>
      Promise.resolve(tree.read(level, index));
    expect(await buildInclusionProofAsync(11, 37, later)).toEqual(buildInclusionProof(11, 37, tree.read));
    expect(await buildConsistencyProofAsync(11, 37, later)).toEqual(buildConsistencyProof(11, 37, tree.read));
    expect(await buildRootAsync(37, later)).toEqual(tree.roots[37]);
    expect(await buildRootAsync(0, later)).toEqual(tree.roots[0]);
  });
});

describe("frontier", () => {
  it("goes on from its state and from stored nodes", () => {
    const tree = grow(50);
    for (let n = 0; n < 50; n++) {
      const hashes = frontierNodes(n).map(({ level, index }) => tree.read(level, index) ?? new Uint8Array());
      const frontier = createFrontier({ size: n, hashes });
      expect(frontier.root()).toEqual(tree.roots[n]);
      frontier.append(hashLeaf(entry(n)));
      expect(frontier.root()).toEqual(tree.roots[n + 1]);
      expect(createFrontier(frontier.state()).root()).toEqual(tree.roots[n + 1]);
    }
  });

  it("refuses a state that cannot be", () => {
    expectCode(() => createFrontier({ size: 3, hashes: [new Uint8Array(32)] }), "frontier-malformed");
    expectCode(() => createFrontier({ size: 1, hashes: [new Uint8Array(31)] }), "hash-length");
    expectCode(() => createFrontier({ size: -1, hashes: [] }), "size-invalid");
    expectCode(() => createFrontier().append(new Uint8Array(33)), "hash-length");
  });

  it("addresses nodes beyond 32 bits", () => {
    expect(frontierNodes(2 ** 40 + 1)).toEqual([
      { level: 40, index: 0 },
      { level: 0, index: 2 ** 40 },
    ]);
  });
});

describe("mutated proofs", () => {
  const tree = grow(300);
  const claims = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));

  it("are never accepted (inclusion)", () => {
    fc.assert(
      fc.property(
        claims,
        fc.nat(),
        fc.nat(255),
        fc.constantFrom("flip", "drop", "double", "index", "leaf"),
        ([index, size], where, bit, how) => {
          const root = tree.roots[size] ?? new Uint8Array();
          const proof = buildInclusionProof(index, size, tree.read, nodeSha256);
          const good = { leafHash: hashLeaf(entry(index)), index, size, proof, root };
          expect(outcome(() => verifyInclusion(good, nodeSha256))).toBe("ok");
          const at = proof.length === 0 ? 0 : where % proof.length;
          const flip = (hash: Uint8Array): Uint8Array =>
            hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
          if (proof.length === 0 && how !== "leaf" && how !== "double") return;
          const bad = {
            flip: { ...good, proof: proof.map((hash, i) => (i === at ? flip(hash) : hash)) },
            drop: { ...good, proof: proof.filter((_, i) => i !== at) },
            double: { ...good, proof: [...proof, flip(root)] },
            index: { ...good, index: (index + 1 + (where % (size - 1 || 1))) % size },
            leaf: { ...good, leafHash: flip(good.leafHash) },
          }[how];
          if (bad.index === index && how === "index") return;
          expect(outcome(() => verifyInclusion(bad, nodeSha256))).not.toBe("ok");
        },
      ),
      runs(300),
    );
  });

  it("are never accepted (consistency)", () => {
    fc.assert(
      fc.property(claims, fc.nat(), fc.nat(255), ([before, size2], where, bit) => {
        const size1 = before + 1;
        const proof = buildConsistencyProof(size1, size2, tree.read, nodeSha256);
        const root1 = tree.roots[size1] ?? new Uint8Array();
        const root2 = tree.roots[size2] ?? new Uint8Array();
        const hashes = [root1, root2, ...proof];
        const at = where % hashes.length;
        const [bad1 = root1, bad2 = root2, ...badProof] = hashes.map((hash, i) =>
          i === at ? hash.map((byte, j) => (j === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)) : hash,
        );
        expect(outcome(() => verifyConsistency({ size1, root1, size2, root2, proof }, nodeSha256))).toBe("ok");
        expect(
          outcome(() => verifyConsistency({ size1, root1: bad1, size2, root2: bad2, proof: badProof }, nodeSha256)),
        ).not.toBe("ok");
      }),
      runs(300),
    );
  });
});

describe("refusals of the builders", () => {
  it("name what is wrong", () => {
    const none = (): undefined => undefined;
    expectCode(() => buildInclusionProof(0, 2, none), "node-missing");
    expectCode(() => buildInclusionProof(2, 2, none), "index-out-of-range");
    expectCode(() => buildInclusionProof(-1, 2, none), "index-invalid");
    expectCode(() => buildConsistencyProof(0, 2, none), "size-zero");
    expectCode(() => buildConsistencyProof(3, 2, none), "size-order");
    expectCode(() => buildInclusionProof(0, 2, () => new Uint8Array(31)), "hash-length");
    expectCode(() => hashNode(new Uint8Array(32), new Uint8Array(31)), "hash-length");
    expectCode(() => hashNode(new Uint8Array(31), new Uint8Array(32)), "hash-length");
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
  });
});

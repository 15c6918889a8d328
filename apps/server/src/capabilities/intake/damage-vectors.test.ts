import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fromHex, seal, sealContext, toUtf8 } from "@sworn/core";
import { nodeSealCrypto, unwrapKey, wrapKey } from "@sworn/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWholeSpan } from "./index.ts";
import { type IntakeFixture, makeIntakeFixture } from "./testing.ts";

interface Base {
  items: Record<string, { evidenceId: string; evidenceKey: string }>;
  objects: Record<string, BaseObject>;
}
interface BaseObject {
  item: string;
  objectKey: string;
  key: string;
  salt: string;
  wrappedKey: string;
  plain: { seed: number; length: number; sha256: string };
  sealed: { length: number; sha256: string };
}
interface Case {
  description: string;
  row: string;
  rowEdits?: {
    wrappedKeyOf?: string;
    item?: string;
    rewrappedForName?: string;
    size?: number;
    sha256?: string;
    flipWrappedKeyBit?: number;
  };
  object: [string, number, number][];
  flip?: { byte: number; bit: number };
  expect: string | null;
}

const folder = new URL("../../../../../vectors/objects/", import.meta.url);
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const base = load("base.json") as Base;
const cases = readdirSync(folder).filter((name) => /^(valid|refused)-.*\.json$/.test(name));

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a vector names something that base.json does not have");
  return value;
}
function plainOf({ seed, length }: BaseObject["plain"]): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 7 + seed) & 255));
}
function sealedOf(object: BaseObject): Uint8Array {
  const { evidenceId } = must(base.items[object.item]);
  const context = sealContext("sworn-span/v1", evidenceId, object.objectKey);
  return seal(plainOf(object.plain), {
    key: fromHex(object.key),
    salt: fromHex(object.salt),
    context,
    crypto: nodeSealCrypto,
  });
}
function flipBit(bytes: Uint8Array, byte: number, bit: number): void {
  bytes[byte] = must(bytes[byte]) ^ (1 << bit);
}

let fixture: IntakeFixture;
beforeAll(async () => {
  fixture = await makeIntakeFixture();
});
afterAll(async () => await fixture.end());

describe("sealed object vectors", () => {
  it("has the base objects that were recorded", () => {
    for (const object of Object.values(base.objects)) {
      expect(sha256(plainOf(object.plain))).toBe(object.plain.sha256);
      expect(sha256(sealedOf(object))).toBe(object.sealed.sha256);
    }
    expect(cases.filter((name) => name.startsWith("refused-")).length).toBeGreaterThanOrEqual(30);
  });

  for (const name of cases) {
    const vector = load(name) as Case;
    it(`${name.replace(".json", "")}: ${vector.description}`, async () => {
      const object = must(base.objects[vector.row]);
      const edits = vector.rowEdits ?? {};
      const item = must(base.items[edits.item ?? object.item]);
      const bytes = Buffer.concat(
        vector.object.map(([from, start, end]) => sealedOf(must(base.objects[from])).subarray(start, end)),
      );
      if (vector.flip !== undefined) flipBit(bytes, vector.flip.byte, vector.flip.bit);

      const wrapped = Buffer.from(
        fromHex(
          edits.wrappedKeyOf === undefined ? object.wrappedKey : must(base.objects[edits.wrappedKeyOf]).wrappedKey,
        ),
      );
      if (edits.flipWrappedKeyBit !== undefined)
        flipBit(wrapped, edits.flipWrappedKeyBit >> 3, edits.flipWrappedKeyBit & 7);
      const wrappingKey = fromHex(item.evidenceKey);
      const named = (key: string): Uint8Array => toUtf8(`sworn-span-key/v1 ${item.evidenceId} ${key}`);
      const rewrapped =
        edits.rewrappedForName === undefined
          ? wrapped
          : wrapKey(unwrapKey(wrapped, { wrappingKey, context: named(object.objectKey) }), {
              wrappingKey,
              context: named(edits.rewrappedForName),
            });
      const objectKey = edits.rewrappedForName ?? object.objectKey;
      const fileId = randomUUID();
      const owner = await fixture.test.owner();
      try {
        await fixture.blobStore.put(objectKey, [bytes]);
        await owner.query(
          "insert into sworn.file (id, agency_id, evidence_id, role, media_type, state) values ($1, $2, $3, 'original', 'video/mp4', 'open')",
          [fileId, fixture.agencyId, item.evidenceId],
        );
        await owner.query(
          "insert into sworn.span (file_id, seq, agency_id, start_offset, size, sha256, crc32, object_key, sealed_size, sealed_sha256, wrapped_key) values ($1, 0, $2, 0, $3, $4, 0, $5, $6, $7, $8)",
          [
            fileId,
            fixture.agencyId,
            edits.size ?? object.plain.length,
            Buffer.from(edits.sha256 ?? object.plain.sha256, "hex"),
            objectKey,
            object.sealed.length,
            Buffer.from(object.sealed.sha256, "hex"),
            Buffer.from(rewrapped),
          ],
        );
        const { rows } = await owner.query<{ object_key: string; wrapped_key: Buffer; size: number; sha256: Buffer }>(
          "select * from sworn.span where file_id = $1",
          [fileId],
        );
        const row = must(rows[0]);
        const handedOut: Uint8Array[] = [];
        const outcome = await (async () => {
          for await (const piece of readWholeSpan(
            fixture,
            { id: item.evidenceId, key: wrappingKey },
            { ...row, start_offset: 0 },
          ))
            handedOut.push(Uint8Array.from(piece));
          return null;
        })().catch((error: unknown) => (error instanceof Error && "damage" in error ? error.damage : error));
        expect(outcome).toBe(vector.expect);
        const out = Buffer.concat(handedOut);
        // Whatever left before the refusal is the true beginning, never an altered byte.
        expect(out.equals(plainOf(object.plain).subarray(0, out.length))).toBe(true);
        if (vector.expect === null) expect(out.length).toBe(object.plain.length);
      } finally {
        await owner.query("delete from sworn.span where file_id = $1", [fileId]);
        await owner.query("delete from sworn.file where id = $1", [fileId]);
        await fixture.blobStore.remove(objectKey);
      }
    });
  }
});

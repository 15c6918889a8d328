import { createHash, randomBytes, randomUUID } from "node:crypto";
import { crc32 } from "node:zlib";
import { Problem } from "@sworn/contract";
import { chunkRoot, sealedLength } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BlobError } from "../../ports/blob-store.ts";
import {
  SPAN_BYTES,
  admitFile,
  admitSpan,
  makeDiskReserve,
  openFile,
  openFileIn,
  recordFile,
  recordSpan,
} from "./index.ts";
import { type IntakeFixture, collect, makeIntakeFixture } from "./testing.ts";

let fixture: IntakeFixture;
beforeAll(async () => {
  fixture = await makeIntakeFixture();
});
afterAll(async () => await fixture.end());

/** An item with a key and an open original, as intake makes it before the first byte. */
async function openItem(): Promise<{ evidenceId: string; fileId: string }> {
  const evidenceId = randomUUID();
  const fileId = randomUUID();
  await fixture.database.forAgency(fixture.agencyId, async (tx) => {
    await fixture.evidenceKeys.create(tx, fixture.agencyId, evidenceId);
    await tx
      .insertInto("sworn.file")
      .values({
        id: fileId,
        agency_id: fixture.agencyId,
        evidence_id: evidenceId,
        role: "original",
        media_type: "video/mp4",
        state: "open",
      })
      .execute();
  });
  return { evidenceId, fileId };
}

async function admitParts(parts: readonly Buffer[]): Promise<string> {
  const { evidenceId, fileId } = await openItem();
  let startOffset = 0;
  for (const [seq, bytes] of parts.entries()) {
    const span = await admitSpan(fixture, {
      agencyId: fixture.agencyId,
      evidenceId,
      fileId,
      seq,
      startOffset,
      bytes: [bytes],
    });
    await fixture.database.forAgency(fixture.agencyId, (tx) => recordSpan(tx, span));
    startOffset += bytes.length;
  }
  return fileId;
}

async function read(fileId: string, start?: number, end?: number): Promise<Buffer> {
  const range = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) };
  return await collect((await openFile(fixture, fixture.agencyId, fileId, range)).bytes);
}

describe("admit and read back", () => {
  it("records what the bytes are, and stores none of them in the clear", async () => {
    const { evidenceId, fileId } = await openItem();
    const bytes = randomBytes(3_000_001);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 65_537) pieces.push(bytes.subarray(at, at + 65_537));
    const source = { agencyId: fixture.agencyId, evidenceId, fileId, seq: 0, startOffset: 0 };
    const span = await admitSpan(fixture, { ...source, bytes: pieces });
    expect(span).toMatchObject({ size: bytes.length, crc32: crc32(bytes), sealed_size: sealedLength(bytes.length) });
    expect(Buffer.from(span.sha256)).toEqual(createHash("sha256").update(bytes).digest());
    const object = await collect(fixture.blobStore.get(span.object_key));
    expect(createHash("sha256").update(object).digest().equals(span.sealed_sha256)).toBe(true);
    for (let at = 0; at < bytes.length - 16; at += 100_000)
      expect(object.includes(bytes.subarray(at, at + 16))).toBe(false);
    const again = await admitSpan(fixture, { ...source, bytes: pieces });
    const other = await collect(fixture.blobStore.get(again.object_key));
    expect(other.equals(object)).toBe(false); // a fresh key and salt each time
  });

  it("gives any range across spans of odd sizes", async () => {
    const sizes = [1, 16_383, 16_384, 16_385, 1_048_576, 70_000];
    const parts = sizes.map((size) => randomBytes(size));
    const whole = Buffer.concat(parts);
    const fileId = await admitParts(parts);
    expect((await read(fileId)).equals(whole)).toBe(true);
    const borders = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
    const points = [0, 1, ...borders.flatMap((border) => [border - 1, border, border + 1]), 1_100_000].filter(
      (point) => point <= whole.length,
    );
    for (const start of points)
      for (const end of points.filter((point, i) => point >= start && (i % 3 === 0 || point - start < 70_000)))
        expect((await read(fileId, start, end)).equals(whole.subarray(start, end)), `${start}-${end}`).toBe(true);
    await expect(read(fileId, 0, whole.length + 1)).rejects.toMatchObject({ code: "range-unsatisfiable" });
    await expect(read(fileId, 5, 4)).rejects.toMatchObject({ code: "range-unsatisfiable" });
  });

  it("admits a derivative in spans with flat hash and chunk root, on the caller's transaction", async () => {
    const { evidenceId } = await openItem();
    const bytes = randomBytes(SPAN_BYTES / 16 + 12_345);
    async function* repeated(): AsyncIterable<Uint8Array> {
      for (let i = 0; i < 17; i++) {
        await Promise.resolve();
        yield bytes;
      }
    }
    const file = await admitFile(fixture, {
      agencyId: fixture.agencyId,
      evidenceId,
      role: "poster",
      mediaType: "image/jpeg",
      bytes: repeated(),
      madeBy: { tool: "test" },
    });
    const whole = Buffer.concat(Array.from({ length: 17 }, () => bytes));
    expect(file.spans.map(({ size }) => size)).toEqual([SPAN_BYTES, whole.length - SPAN_BYTES]);
    expect(createHash("sha256").update(whole).digest().equals(file.sha256)).toBe(true);
    expect(Buffer.from(file.chunkRoot)).toEqual(Buffer.from(chunkRoot(whole, nodeSha256)));
    await expect(read(file.id)).rejects.toMatchObject({ code: "not-found" });
    const inside = await fixture.database.forAgency(fixture.agencyId, async (tx) => {
      await recordFile(tx, file);
      return await collect(
        (await openFileIn(fixture, tx, file.id, { start: SPAN_BYTES - 5, end: SPAN_BYTES + 5 })).bytes,
      );
    });
    expect(inside.equals(whole.subarray(SPAN_BYTES - 5, SPAN_BYTES + 5))).toBe(true);
  }, 60_000);

  it("refuses empty and overlong spans and leaves no object of them", async () => {
    const { evidenceId, fileId } = await openItem();
    const before = await keysOf();
    const source = { agencyId: fixture.agencyId, evidenceId, fileId, seq: 0, startOffset: 0 };
    await expect(admitSpan(fixture, { ...source, bytes: [] })).rejects.toThrow(RangeError);
    const tooMuch = Array.from({ length: 65 }, () => Buffer.alloc(1 << 20));
    await expect(admitSpan(fixture, { ...source, bytes: tooMuch })).rejects.toThrow(RangeError);
    expect(await keysOf()).toEqual(before);
  });

  it("opens nothing for another agency, and nothing once the key is destroyed", async () => {
    const fileId = await admitParts([randomBytes(1000)]);
    const other = await fixture.test.agency("Other (test)");
    await expect(openFile(fixture, other, fileId)).rejects.toMatchObject({ code: "not-found" });
    await read(fileId); // the key is in memory now
    const owner = await fixture.test.owner();
    await owner.query(
      "delete from sworn.evidence_key where evidence_id = (select evidence_id from sworn.file where id = $1)",
      [fileId],
    );
    await expect(read(fileId)).rejects.toMatchObject({ code: "not-found" });
  });

  it("takes nothing below the disk reserve, and asks the disk at most once a second", async () => {
    let now = 0;
    let asked = 0;
    const space = { free: 10, total: 100 };
    const blobStore = { ...fixture.blobStore, free: () => ((asked += 1), Promise.resolve({ ...space })) };
    const clock = { now: () => now, monotonic: () => now };
    const reserve = makeDiskReserve({ blobStore, clock }, { minFreeBytes: 5, minFreeShare: 0.05 });
    await reserve.assertRoom();
    space.free = 4;
    await reserve.assertRoom();
    now = 1000;
    await expect(reserve.assertRoom()).rejects.toMatchObject({ code: "disk-full" });
    expect(asked).toBe(2);
    const { evidenceId, fileId } = await openItem();
    const source = { agencyId: fixture.agencyId, evidenceId, fileId, seq: 0, startOffset: 0, bytes: [Buffer.alloc(9)] };
    await expect(admitSpan({ ...fixture, diskReserve: reserve }, source)).rejects.toBeInstanceOf(Problem);
  });
});

describe("damage", () => {
  it("names a missing object, a hole between spans and a wrong plain hash", async () => {
    const fileId = await admitParts([randomBytes(500), randomBytes(500), randomBytes(500)]);
    const owner = await fixture.test.owner();
    const { rows } = await owner.query<{ object_key: string }>(
      "select object_key from sworn.span where file_id = $1 order by seq",
      [fileId],
    );
    await owner.query("delete from sworn.span where file_id = $1 and seq = 1", [fileId]);
    await expect(read(fileId)).rejects.toMatchObject({ code: "storage-damaged", damage: "spans-incomplete" });
    await fixture.blobStore.remove(rows[0]?.object_key ?? "");
    await expect(read(fileId, 0, 1)).rejects.toMatchObject({ code: "storage-damaged", damage: "object-missing" });
    await expect(fixture.blobStore.size(rows[0]?.object_key ?? "")).rejects.toBeInstanceOf(BlobError);
  });
});

async function keysOf(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of fixture.blobStore.list()) keys.push(key);
  return keys.toSorted();
}

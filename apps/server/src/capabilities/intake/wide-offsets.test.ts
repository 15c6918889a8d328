import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile, SPAN_BYTES } from "./index.ts";
import { collect } from "./testing.ts";
import { parseWhole } from "./upload-rules.ts";
import { makeUploadsRig, mp4Bytes, type UploadsRig } from "./uploads.testing.ts";

// Where 32-bit arithmetic would lose its way: an upload that stands just before 2³¹ and 2³² bytes. The spans before it
// are rows without objects, since writing 4 GiB is the fault campaign's business ("12 GB sparse file"); every byte that
// these tests look at is sent, sealed and read back for real.

let rig: UploadsRig;
let token: string;
beforeAll(async () => {
  rig = await makeUploadsRig();
  token = await rig.person();
});
afterAll(async () => await rig.end());

const LENGTH = 12 * 2 ** 30;
const idOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** An upload of 12 GiB that has received everything up to `offset`, in spans of 64 MiB and a rest. */
async function uploadAt(offset: number): Promise<{ path: string; fileId: string; spans: number }> {
  const path = await rig.create(token, LENGTH);
  const first = mp4Bytes(1000);
  expect((await rig.patch(token, path, 0, first)).headers["upload-offset"]).toBe("1000");
  const owner = await rig.intake.test.owner();
  const { rows } = await owner.query<{ file_id: string }>("select file_id from sworn.upload where id = $1", [
    idOf(path),
  ]);
  const fileId = rows[0]?.file_id ?? "";
  let at = first.length;
  let seq = 1;
  for (; at < offset; seq++) {
    const size = Math.min(SPAN_BYTES, offset - at);
    await owner.query(
      `insert into sworn.span (file_id, seq, agency_id, start_offset, size, sha256, crc32, object_key, sealed_size,
                               sealed_sha256, wrapped_key)
       select file_id, $2, agency_id, $3, $4, sha256, crc32, $5, sealed_size, sealed_sha256, wrapped_key
         from sworn.span where file_id = $1 and seq = 0`,
      [fileId, seq, at, size, `without-object-${randomUUID()}`],
    );
    at += size;
  }
  await owner.query("update sworn.upload set received = $2 where id = $1", [idOf(path), at]);
  return { path, fileId, spans: seq };
}

describe("an upload that stands just before", () => {
  for (const [name, border] of [
    ["2³¹ bytes", 2 ** 31],
    ["2³² bytes", 2 ** 32],
    ["2³³ bytes", 2 ** 33],
  ] as const)
    it(`${name} is continued across, asked about, and read on both sides`, async () => {
      const { path, fileId, spans } = await uploadAt(border - 500);
      expect(await rig.offset(token, path)).toBe(border - 500);
      const [one, two] = [mp4Bytes(1000), mp4Bytes(700)];
      // The offset without its upper bits is another place, and is told so.
      const wrapped = await rig.patch(token, path, (border - 500) % (border / 2), one);
      expect(wrapped).toMatchObject({ status: 409, body: { code: "offset-conflict", received: border - 500 } });
      const across = await rig.patch(token, path, border - 500, one);
      expect([across.status, across.headers["upload-offset"]]).toEqual([204, String(border + 500)]);
      const after = await rig.patch(token, path, border + 500, two);
      expect([after.status, after.headers["upload-offset"]]).toEqual([204, String(border + 1200)]);
      expect(await rig.offset(token, path)).toBe(border + 1200);
      expect(await rig.status(token, path)).toMatchObject({
        state: "receiving",
        length: LENGTH,
        received: border + 1200,
      });

      const written = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
        tx
          .selectFrom("sworn.span")
          .select(["seq", "start_offset", "size"])
          .where("file_id", "=", fileId)
          .where("start_offset", ">=", border - 500)
          .orderBy("seq")
          .execute(),
      );
      expect(written).toEqual([
        { seq: spans, start_offset: border - 500, size: 1000 },
        { seq: spans + 1, start_offset: border + 500, size: 700 },
      ]);
      const range = { start: border - 10, end: border + 510 };
      const opened = await openFile(rig.intake, rig.intake.agencyId, fileId, range);
      expect(opened.size).toBe(border + 1200);
      expect(await collect(opened.bytes)).toEqual(Buffer.concat([one.subarray(490), two.subarray(0, 10)]));
    });

  it("its end takes the last byte and not one more", async () => {
    const { path } = await uploadAt(LENGTH - 1000);
    const tooMuch = await rig.patch(token, path, LENGTH - 1000, mp4Bytes(1001));
    expect(tooMuch).toMatchObject({ status: 413, body: { code: "body-too-large" } });
    const last = await rig.patch(token, path, LENGTH - 1000, mp4Bytes(1000));
    expect([last.status, last.headers["upload-offset"]]).toEqual([204, String(LENGTH)]);
    expect(await rig.status(token, path)).toMatchObject({ state: "sealing", received: LENGTH });
    // Sealing reads every span: without their objects it must never call this stored.
    await rig.seal(path).catch(() => undefined);
    expect((await rig.status(token, path)).state).not.toBe("stored");
  });
});

it("offsets and lengths are whole numbers up to 2⁵³ - 1, and nothing else", () => {
  for (const value of [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])
    expect(parseWhole("Upload-Offset", String(value))).toBe(value);
  for (const text of [String(2 ** 53), "99999999999999999999", "-1", "+5", "1e9", "0x10", " 1", "1.5", ""])
    expect(() => parseWhole("Upload-Offset", text)).toThrow(expect.objectContaining({ code: "request-malformed" }));
});

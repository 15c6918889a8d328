import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admitFile, recordFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { type UploadsRig, makeUploadsRig, mp4Bytes } from "../intake/uploads.testing.ts";
import { playbackRoutes } from "./index.ts";
import { disposition, parseRange, writePlaylist } from "./rules.ts";

let rig: UploadsRig;
let owner: string;
let id: string;
const bytes = mp4Bytes(3_000_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  rig = await makeUploadsRig({}, undefined, playbackRoutes);
  owner = await rig.person();
  const path = await rig.create(owner, bytes.length, { filename: "Größe \u201CElm St\u201D.mp4" });
  await rig.patch(owner, path, 0, bytes.subarray(0, 1_111_111));
  await rig.patch(owner, path, 1_111_111, bytes.subarray(1_111_111));
  await rig.seal(path);
  id = (await rig.status(owner, path)).evidenceId ?? "";
});
afterAll(async () => await rig.end());

const media = (of = id): string => `/api/v1/evidence/${of}/media`;
async function get(
  token: string,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; headers: Headers; body: Buffer }> {
  const answer = await fetch(`${rig.url()}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
}
const kinds = async (of = id): Promise<string[]> => (await rig.events(of)).map(({ kind }) => kind);

describe("the original", () => {
  it("is given whole, with its hash as the tag", async () => {
    const answer = await get(owner, media());
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers.get("etag")).toBe(`"${sha256}"`);
    expect(answer.headers.get("content-length")).toBe(String(bytes.length));
    expect(answer.headers.get("content-type")).toBe("video/mp4");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(answer.headers.get("content-disposition")).toMatch(
      /^inline; filename="Gr__e _Elm St_.mp4"; filename\*=UTF-8''Gr%C3%B6/,
    );
  });

  it("is given in ranges, across the border of two spans", async () => {
    const ranges: [string, number, number][] = [
      ["bytes=0-0", 0, 1],
      ["bytes=1111110-1111112", 1_111_110, 1_111_113],
      ["bytes=2999999-", 2_999_999, 3_000_000],
      ["bytes=-5", 2_999_995, 3_000_000],
      ["bytes=-99999999", 0, 3_000_000],
      ["bytes=2999990-99999999", 2_999_990, 3_000_000],
    ];
    for (const [range, start, end] of ranges) {
      const answer = await get(owner, media(), { range });
      expect(answer.status, range).toBe(206);
      expect(answer.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/3000000`);
      expect(answer.body.equals(bytes.subarray(start, end)), range).toBe(true);
    }
    for (const range of ["bytes=3000000-", "bytes=-0"]) {
      const answer = await get(owner, media(), { range });
      expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */3000000"]);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "range-unsatisfiable" });
    }
    for (const range of ["bytes=5-4", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=-"])
      expect((await get(owner, media(), { range })).status, range).toBe(200);
  });

  it("goes on only with the same bytes", async () => {
    const range = "bytes=10-19";
    expect((await get(owner, media(), { range, "if-range": `"${sha256}"` })).status).toBe(206);
    for (const tag of [`W/"${sha256}"`, '"other"', "Fri, 20 Nov 2026 12:00:00 GMT"])
      expect((await get(owner, media(), { range, "if-range": tag })).status).toBe(200);
    expect((await get(owner, media(), { "if-none-match": `"${sha256}"` })).status).toBe(304);
  });

  it("answers HEAD with its size and logs nothing of it", async () => {
    const before = (await kinds()).length;
    const answer = await get(owner, media(), { range: "bytes=0-0" }, "HEAD");
    expect([answer.status, answer.headers.get("content-length"), answer.body.length]).toEqual([
      200,
      String(bytes.length),
      0,
    ]);
    expect((await kinds()).length).toBe(before);
  });

  it("logs who watched and who downloaded, once per quarter of an hour", async () => {
    const reader = await rig.person(["supervisor"]);
    const before = (await kinds()).length;
    for (let i = 0; i < 3; i++) await get(reader, media(), { range: `bytes=${i}-9` });
    await get(reader, `${media()}?download=1`);
    expect((await kinds()).slice(before)).toEqual(["evidence.viewed", "evidence.downloaded"]);
    rig.time.offset += 16 * 60 * 1000;
    await get(reader, media());
    expect((await kinds()).slice(before)).toEqual(["evidence.viewed", "evidence.downloaded", "evidence.viewed"]);
  });

  it("is not there for others, in the same words as what does not exist", async () => {
    const stranger = await rig.person();
    const before = (await kinds()).length;
    const [hidden, absent] = [await get(stranger, media()), await get(stranger, media(randomUUID()))];
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    expect(hidden.body.equals(absent.body)).toBe(true);
    expect((await get(await rig.person(["auditor"]), media())).status).toBe(403);
    expect((await get("nobody", media())).status).toBe(401);
    expect((await get(owner, `${media()}?take=1`)).status).toBe(404);
    expect((await get(owner, `${media()}?take=x`)).status).toBe(400);
    expect((await kinds()).length).toBe(before);
  });

  it("ends short, and never with other bytes, where the store is damaged", async () => {
    const path = await rig.create(owner, bytes.length);
    const known = new Set(await rig.objects());
    const other = mp4Bytes(bytes.length);
    await rig.patch(owner, path, 0, other);
    await rig.seal(path);
    const damaged = (await rig.status(owner, path)).evidenceId ?? "";
    const [key = ""] = (await rig.objects()).filter((one) => !known.has(one));
    const sealed: Uint8Array[] = [];
    for await (const piece of rig.intake.blobStore.get(key)) sealed.push(Uint8Array.from(piece));
    const object = Buffer.concat(sealed);
    object[2_500_000] = (object[2_500_000] ?? 0) ^ 1;
    await rig.intake.blobStore.remove(key);
    await rig.intake.blobStore.put(key, [object]);
    await expect(get(owner, media(damaged))).rejects.toThrow(); // the connection breaks: nobody takes it for whole
    const intact = await get(owner, media(damaged), { range: "bytes=0-999" });
    expect(intact.body.equals(other.subarray(0, 1000))).toBe(true);
  });
});

describe("the poster", () => {
  it("is the newest one, revalidated by its hash and not logged", async () => {
    expect((await get(owner, `/api/v1/evidence/${id}/poster`)).status).toBe(404);
    for (const text of ["old poster", "new poster"]) {
      const source = {
        agencyId: rig.intake.agencyId,
        evidenceId: id,
        role: "poster",
        mediaType: "image/jpeg",
      } as const;
      const file = await admitFile(rig.intake, { ...source, bytes: [Buffer.from(text)] });
      await rig.intake.database.forAgency(rig.intake.agencyId, (tx) => recordFile(tx, file));
    }
    const before = (await kinds()).length;
    const answer = await get(owner, `/api/v1/evidence/${id}/poster`);
    expect([answer.status, answer.headers.get("content-type"), answer.body.toString()]).toEqual([
      200,
      "image/jpeg",
      "new poster",
    ]);
    const again = await get(owner, `/api/v1/evidence/${id}/poster`, {
      "if-none-match": answer.headers.get("etag") ?? "",
    });
    expect(again.status).toBe(304);
    expect((await kinds()).length).toBe(before);
  });
});

describe("the playlist", () => {
  async function recording(state: "stored" | "live"): Promise<string> {
    const evidenceId = randomUUID();
    const deviceId = randomUUID();
    const sql = await rig.intake.test.owner();
    const agency = rig.intake.agencyId;
    await sql.query("insert into sworn.device (id, agency_id, name) values ($1, $2, $3)", [
      deviceId,
      agency,
      `VX ${deviceId}`,
    ]);
    await sql.query(
      "insert into sworn.evidence (id, agency_id, title, kind, state) values ($1, $2, 'Stop', 'video', $3)",
      [evidenceId, agency, state],
    );
    await sql.query(
      "insert into sworn.recording (id, agency_id, device_id, state, reason, open_request, started_at) values ($1, $2, $3, 'closed', 'button', '{}', now())",
      [evidenceId, agency, deviceId],
    );
    for (const take of [0, 1, 2]) {
      const [takeId, fileId] = [randomUUID(), randomUUID()];
      await sql.query(
        "insert into sworn.file (id, agency_id, evidence_id, role, take, media_type, state) values ($1, $2, $3, 'original', $4, 'video/mp4', 'stored')",
        [fileId, agency, evidenceId, take],
      );
      await sql.query(
        "insert into sworn.take (id, agency_id, recording_id, take, file_id, state) values ($1, $2, $3, $4, $5, 'stored')",
        [takeId, agency, evidenceId, take, fileId],
      );
      if (take === 2) continue; // opened, and never sent a fragment
      for (const [n, size, offset, duration] of [
        [-1, 700, 0, null],
        [0, 50, 700, 1000],
        [1, 60, 750, 990],
      ])
        await sql.query(
          "insert into sworn.fragment (take_id, n, agency_id, sha256, size, duration_ms, file_offset) values ($1, $2, $3, sha256('x'), $4, $5, $6)",
          [takeId, n, agency, size, duration, offset],
        );
    }
    return evidenceId;
  }

  it("lists the fragments of every part that has some, by their place in its file", async () => {
    const reader = await rig.person(["supervisor"]);
    const answer = await get(reader, `/api/v1/evidence/${await recording("stored")}/playlist.m3u8`);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/vnd.apple.mpegurl"]);
    const lines = answer.body.toString().split("\n");
    expect(lines.filter((line) => line === "#EXT-X-DISCONTINUITY")).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("#EXT-X-MAP"))).toEqual(
      [0, 1].map((take) => `#EXT-X-MAP:URI="media?take=${take}",BYTERANGE="700@0"`),
    );
    expect(lines.filter((line) => line.startsWith("#EXT-X-BYTERANGE"))).toEqual(
      ["50@700", "60@750", "50@700", "60@750"].map((range) => `#EXT-X-BYTERANGE:${range}`),
    );
    expect(lines).toContain("#EXTINF:0.990,");
  });

  it("is not there for a file, nor for a stranger, nor before a recording is stored", async () => {
    expect((await get(owner, `/api/v1/evidence/${id}/playlist.m3u8`)).status).toBe(404);
    const stored = await recording("stored");
    expect((await get(await rig.person(), `/api/v1/evidence/${stored}/playlist.m3u8`)).status).toBe(404);
    const reader = await rig.person(["supervisor"]);
    const live = await recording("live");
    for (const path of [`/api/v1/evidence/${live}/playlist.m3u8`, media(live)])
      expect(JSON.parse((await get(reader, path)).body.toString())).toMatchObject({
        status: 409,
        code: "not-stored-yet",
      });
    expect((await get(reader, media(stored))).status).toBe(400); // several parts: say which
  });
});

describe("the rules", () => {
  it("cut ranges out of empty and tiny files", () => {
    expect(parseRange({ range: "bytes=0-0" }, 1, null)).toEqual({ start: 0, end: 1 });
    expect(() => parseRange({ range: "bytes=0-" }, 0, null)).toThrow();
    expect(parseRange({}, 10, null)).toBeNull();
  });

  it("name a download without a header or a path in it", () => {
    expect(disposition("attachment", 'a"b\\c\r\nd/e.mp4', "video/mp4", null)).toBe(
      `attachment; filename="a_b_c__d_e.mp4"; filename*=UTF-8''a_b_c__d_e.mp4`,
    );
    expect(disposition("inline", "clip.MOV", "video/quicktime", 1)).toContain('filename="clip part 2.mov"');
    expect(disposition("inline", "notes.txt", "video/mp4", null)).toContain('filename="notes.txt.mp4"');
  });

  it("write a playlist that joins parts by a discontinuity", async () => {
    const takes = [0, 1].map((take) => ({
      take,
      init: { offset: 0, size: 700 },
      longestMs: 1024,
      fragments: [
        { offset: 700, size: 50, durationMs: 1000 },
        { offset: 750, size: 60, durationMs: 1024 },
      ],
    }));
    expect((await collect(writePlaylist(takes))).toString()).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-TARGETDURATION:2
#EXT-X-MAP:URI="media?take=0",BYTERANGE="700@0"
#EXTINF:1.000,
#EXT-X-BYTERANGE:50@700
media?take=0
#EXTINF:1.024,
#EXT-X-BYTERANGE:60@750
media?take=0
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="media?take=1",BYTERANGE="700@0"
#EXTINF:1.000,
#EXT-X-BYTERANGE:50@700
media?take=1
#EXTINF:1.024,
#EXT-X-BYTERANGE:60@750
media?take=1
#EXT-X-ENDLIST
`);
  });
});

import { createHash, randomBytes } from "node:crypto";
import { chunkRoot } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { Upload as TusUpload } from "tus-js-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile } from "./index.ts";
import { collect } from "./testing.ts";
import { TUS, type UploadsRig, encodeMetadata, makeUploadsRig, mp4Bytes, waitFor } from "./uploads.testing.ts";

let rig: UploadsRig;
let token: string;
beforeAll(async () => {
  rig = await makeUploadsRig();
  token = await rig.person();
});
afterAll(async () => {
  await rig.end();
  expect(rig.errors).toEqual([]);
});

const hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("an upload", () => {
  it("goes from bytes to evidence that proves what it is", async () => {
    const bytes = mp4Bytes(3_000_000);
    const path = await rig.create(token, bytes.length, {
      filename: "Körper.mp4",
      sha256: hex(bytes),
      capturedAt: "2016-01-02T03:04:05Z",
      title: "Traffic stop",
    });
    const first = await rig.patch(token, path, 0, bytes.subarray(0, 1_000_001));
    expect([first.status, first.headers["upload-offset"]]).toEqual([204, "1000001"]);
    expect(await rig.offset(token, path)).toBe(1_000_001);
    const before = { state: "receiving", received: 1_000_001, evidenceId: null, media: null };
    expect(await rig.status(token, path)).toMatchObject(before);
    const last = await rig.patch(token, path, 1_000_001, bytes.subarray(1_000_001));
    expect([last.status, last.headers["upload-offset"]]).toEqual([204, "3000000"]);
    expect(await rig.status(token, path)).toMatchObject({ state: "sealing", received: bytes.length });
    await rig.seal(path);
    const status = await rig.status(token, path);
    expect(status).toMatchObject({
      state: "stored",
      name: "Körper.mp4",
      checked: bytes.length,
      alreadyHeld: false,
      code: null,
      media: { state: "pending", code: null, detail: null },
    });
    const evidenceId = status.evidenceId ?? "";
    const { evidence, file } = await rig.intake.database.forAgency(rig.intake.agencyId, async (tx) => ({
      evidence: await tx
        .selectFrom("sworn.evidence")
        .selectAll()
        .where("id", "=", evidenceId)
        .executeTakeFirstOrThrow(),
      file: await tx
        .selectFrom("sworn.file")
        .selectAll()
        .where("evidence_id", "=", evidenceId)
        .executeTakeFirstOrThrow(),
    }));
    expect(evidence).toMatchObject({
      title: "Traffic stop",
      state: "stored",
      size: bytes.length,
      time_source: "file",
      source_name: "Körper.mp4",
    });
    // A camera clock ten years off is a claim that is kept, not a reason to refuse.
    expect(evidence.recorded_at?.toISOString()).toBe("2016-01-02T03:04:05.000Z");
    expect(Buffer.from(evidence.sha256 ?? []).toString("hex")).toBe(hex(bytes));
    expect(Buffer.from(evidence.chunk_root ?? []).equals(chunkRoot(bytes, nodeSha256))).toBe(true);
    expect(file).toMatchObject({ state: "stored", media_type: "video/mp4", size: bytes.length });
    const { bytes: read } = await openFile(rig.intake, rig.intake.agencyId, file.id);
    expect((await collect(read)).equals(bytes)).toBe(true);
    const events = await rig.events(evidenceId);
    expect(events.map(({ kind }) => kind)).toEqual(["upload.created", "evidence.stored"]);
    expect(events[1]?.event).toContain(`"sha256":"${hex(bytes)}"`);
    const owner = await rig.intake.test.owner();
    const jobs = await owner.query("select name from jobs.job where data->>'id' = $1 order by name", [evidenceId]);
    expect(jobs.rows.map(({ name }) => name)).toEqual(["positions", "poster", "probe"]);
    await rig.seal(path); // at least once: a second run changes nothing
    expect(await rig.events(evidenceId)).toHaveLength(2);
    const again = await rig.patch(token, path, bytes.length, Buffer.alloc(0));
    expect(again.status).toBe(204); // the answer to the last body was lost
  });

  it("is sent by a stock tus-js-client across a server restart", async () => {
    const bytes = mp4Bytes(24 << 20);
    let restarted = false;
    const upload = new TusUpload(bytes, {
      endpoint: `${rig.url()}/api/v1/uploads`,
      chunkSize: 2 << 20,
      retryDelays: [0, 50, 100, 200, 400, 800, 1600],
      headers: { authorization: `Bearer ${token}` },
      metadata: { filename: "dashcam.mp4", filetype: "video/mp4" },
      onChunkComplete: (_size, accepted) => {
        if (restarted || accepted < 8 << 20) return;
        restarted = true;
        void rig.restart();
      },
    });
    await new Promise<void>((resolve, reject) => {
      upload.options.onSuccess = () => resolve();
      upload.options.onError = reject;
      upload.start();
    });
    expect(restarted).toBe(true);
    const path = new URL(upload.url ?? "").pathname;
    await rig.seal(path);
    const { evidenceId, state } = await rig.status(token, path);
    expect(state).toBe("stored");
    const row = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
      tx.selectFrom("sworn.evidence").select("sha256").where("id", "=", evidenceId).executeTakeFirstOrThrow(),
    );
    expect(Buffer.from(row.sha256 ?? []).toString("hex")).toBe(hex(bytes));
  });

  it("begins with its bytes in the same request, and says what it speaks", async () => {
    const bytes = mp4Bytes(5000);
    const answer = await rig.send(
      token,
      "POST",
      "/api/v1/uploads",
      { "upload-length": "5000", "content-type": "application/offset+octet-stream" },
      bytes,
    );
    expect([answer.status, answer.headers["upload-offset"], answer.headers["tus-resumable"]]).toEqual([
      201,
      "5000",
      "1.0.0",
    ]);
    expect(await rig.status(token, answer.headers.location ?? "")).toMatchObject({
      state: "sealing",
      name: "unnamed file",
    });
    const options = await rig.send(token, "OPTIONS", "/api/v1/uploads");
    expect(options.headers).toMatchObject({
      "tus-version": "1.0.0",
      "tus-extension": "creation,creation-with-upload,checksum,termination,expiration",
      "tus-checksum-algorithm": "sha256,sha1",
    });
  });

  it("lists what I have begun and nobody else's", async () => {
    const mine = await rig.create(token, 100);
    const other = await rig.person(["custodian"]);
    const theirs = await rig.create(other, 100);
    const list = (await rig.send(token, "GET", "/api/v1/uploads?state=open")).body as { items: { id: string }[] };
    const ids = list.items.map(({ id }) => id);
    expect(ids).toContain(mine.split("/").at(-1));
    expect(ids).not.toContain(theirs.split("/").at(-1));
    for (const [method, path] of [
      ["HEAD", theirs],
      ["GET", `${theirs}/status`],
      ["DELETE", theirs],
    ] as const)
      expect((await rig.send(token, method, path)).status).toBe(404);
    expect((await rig.patch(token, theirs, 0, Buffer.alloc(10))).body).toMatchObject({ code: "not-found" });
  });

  it("refuses at the door with a closed code and keeps nothing", async () => {
    const before = await rig.objects();
    const post = async (headers: Record<string, string>): Promise<unknown> =>
      (await rig.send(token, "POST", "/api/v1/uploads", headers)).body["code"];
    expect(await post({})).toBe("length-missing");
    expect(await post({ "upload-length": "0" })).toBe("file-empty");
    for (const length of ["-1", "1.5", "1e3", "99999999999999999", ""])
      expect(await post({ "upload-length": length })).toBe("request-malformed");
    expect(await post({ "upload-length": "1", "tus-resumable": "0.2.2" })).toBe("tus-version");
    expect(await post({ "upload-length": "1", "upload-concat": "partial" })).toBe("request-malformed");
    for (const metadata of [
      "filename !!",
      "filename YQ== YQ==",
      "filename YQ==,filename Yg==",
      "sha256 YWJj",
      "capturedAt YWJj",
      `capturedAt ${Buffer.from("9999-12-31T23:59-12:00").toString("base64")}`,
      "deviceId YWJj",
    ])
      expect(await post({ "upload-length": "1", "upload-metadata": metadata }), metadata).toBe("request-malformed");
    expect(await post({ "upload-length": "1", "upload-metadata": "filename /w==" })).toBe("name-refused");
    expect(await post({ "upload-length": "1", "upload-checksum": "md5 AAAA" })).toBe("checksum-algorithm");
    const path = await rig.create(token, 100);
    const patch = async (headers: Record<string, string>, size = 10): Promise<unknown> =>
      (await rig.patch(token, path, 0, mp4Bytes(24).subarray(0, size), headers)).body["code"];
    expect(await patch({ "content-type": "application/json" })).toBe("media-type-unsupported");
    expect(await patch({ "upload-offset": "1" })).toBe("offset-conflict");
    expect(await patch({ "upload-offset": "x" })).toBe("request-malformed");
    expect((await rig.patch(token, path, 0, mp4Bytes(101))).body["code"]).toBe("body-too-large");
    expect(await rig.offset(token, path)).toBe(0);
    expect(await rig.objects()).toEqual(before);
    expect((await fetch(`${rig.url()}/api/v1/uploads`, { method: "POST" })).status).toBe(401);
    const reader = await rig.person(["auditor"]);
    expect((await rig.send(reader, "POST", "/api/v1/uploads", { "upload-length": "1" })).body["code"]).toBe(
      "not-allowed",
    );
  });

  it("begins no more of them than a person can have under way", async () => {
    await rig.restart({ maxUnfinished: 3 });
    const [eager, other] = [await rig.person(), await rig.person()];
    const first = await rig.create(eager, 100);
    await rig.create(eager, 100);
    await rig.create(eager, 100);
    const headers = { "upload-length": "100" };
    expect((await rig.send(eager, "POST", "/api/v1/uploads", headers)).body["code"]).toBe("rate-limited");
    expect((await rig.send(other, "POST", "/api/v1/uploads", headers)).status).toBe(201);
    expect((await rig.send(eager, "DELETE", first)).status).toBe(204);
    expect((await rig.send(eager, "POST", "/api/v1/uploads", headers)).status).toBe(201);
    await rig.restart();
  });
});

describe("what a file is", () => {
  const formats: [string, string, Buffer][] = [
    ["a text file called .mp4", "refused", Buffer.from("This is no video at all, whatever its name says.")],
    ["an HLS playlist", "refused", Buffer.from("#EXTM3U\n#EXT-X-TARGETDURATION:10\nfile:///etc/passwd\n")],
    ["an SVG", "refused", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x/"/></svg>')],
    ["an AVI", "refused", Buffer.from("RIFF\x00\x00\x10\x00AVI LIST\x00\x00\x00\x00hdrlavih")],
    ["a HEIF picture", "refused", Buffer.from("00000018667479706865696300000000", "hex")],
    ["four bytes", "refused", Buffer.from("ftyp")],
    ["an MP4", "video/mp4", mp4Bytes(64)],
    ["an MP4 cut in the middle of its first box", "video/mp4", mp4Bytes(20)],
    [
      "a QuickTime film",
      "video/quicktime",
      Buffer.from("00000014667479707174202000000000717420200000000877696465", "hex"),
    ],
    [
      "a QuickTime film without ftyp",
      "video/quicktime",
      Buffer.from("000000086d6f6f760000006c6d76686400000000", "hex"),
    ],
    ["media data that runs to the end", "video/quicktime", Buffer.from("000000006d64617400000000000000000000", "hex")],
    ["a box of an impossible size", "refused", Buffer.from("000000036d6f6f760000006c6d76686400000000", "hex")],
  ];
  for (const [what, expected, bytes] of formats)
    for (const step of [bytes.length, 3])
      it(`${what} is ${expected}, sent ${step === 3 ? "three bytes at a time" : "at once"}`, async () => {
        const path = await rig.create(token, bytes.length, { filename: "clip.mp4" });
        let answer = { status: 0, body: {} as Record<string, unknown> };
        for (let at = 0; at < bytes.length && answer.status < 300; at += step)
          answer = await rig.patch(token, path, at, bytes.subarray(at, at + step));
        if (expected === "refused") {
          expect(answer).toMatchObject({ status: 415, body: { code: "format-unsupported" } });
          expect(await rig.status(token, path)).toMatchObject({
            state: "refused",
            code: "format-unsupported",
          });
          expect(await rig.offset(token, path)).toBe(-410);
          // What was promised byte by byte is not dropped: a custodian decides on it.
          const { evidenceId, received } = await rig.status(token, path);
          expect(evidenceId === null).toBe(received === 0);
          const kinds = evidenceId === null ? [] : (await rig.events(evidenceId)).map(({ kind }) => kind);
          expect(kinds.includes("evidence.incomplete")).toBe(received > 0);
          return;
        }
        expect(answer.status).toBe(204);
        await rig.seal(path);
        const { evidenceId } = await rig.status(token, path);
        const file = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
          tx
            .selectFrom("sworn.file")
            .select("media_type")
            .where("evidence_id", "=", evidenceId)
            .executeTakeFirstOrThrow(),
        );
        expect(file.media_type).toBe(expected);
      });
});

describe("a file name", () => {
  const cases: [string, string][] = [
    ["../../etc/passwd", "passwd"],
    ["C:\\DCIM\\100GOPRO\\GX010001.MP4", "GX010001.MP4"],
    ["a\0b\r\nc.mp4", "abc.mp4"],
    ["\u202Egpj.4pm\u202C.exe", "gpj.4pm.exe"],
    ["e\u0301te\u0301.mp4", "\u00E9t\u00E9.mp4"],
    ["\u2066\u200Fclip\u2069.mp4\uFEFF", "clip.mp4"],
    ["x".repeat(5000), "x".repeat(200)],
    ["\u{1F4F9}".repeat(300), "\u{1F4F9}".repeat(200)],
    ["<img src=x onerror=alert(1)>.mp4", "<img src=x onerror=alert(1)>.mp4"],
  ];
  for (const [sent, shown] of cases)
    it(`${JSON.stringify(sent.slice(0, 40))} is shown as ${JSON.stringify(shown.slice(0, 40))}`, async () => {
      const path = await rig.create(token, 100, { filename: sent });
      expect((await rig.status(token, path)).name).toBe(shown);
    });
  for (const name of ["..", ".", "/", "a/..", "\0\u202E", "   ", "\\"])
    it(`${JSON.stringify(name)} is refused`, async () => {
      const answer = await rig.send(token, "POST", "/api/v1/uploads", {
        "upload-length": "1",
        "upload-metadata": encodeMetadata({ filename: name }),
      });
      expect(answer.body["code"]).toBe("name-refused");
    });
  it("of a mebibyte is refused by the header limit before anything is made", async () => {
    const { request, answer } = rig.stream(token, "POST", "/api/v1/uploads", {
      "upload-length": "1",
      "upload-metadata": encodeMetadata({ filename: "x".repeat(1 << 20) }),
    });
    request.end();
    const outcome = await Promise.race([
      answer.then(({ status }) => status),
      new Promise((resolve) => request.once("error", () => resolve("reset"))),
    ]);
    expect([431, 400, "reset"]).toContain(outcome);
    expect((await rig.send(token, "GET", "/api/v1/uploads?state=open")).status).toBe(200);
  });
});

describe("checksums", () => {
  for (const algorithm of ["sha256", "sha1"])
    it(`${algorithm}: counts a body that matches, discards one that does not`, async () => {
      const bytes = mp4Bytes(200_000);
      const before = await rig.objects();
      const path = await rig.create(token, bytes.length);
      const sum = (part: Uint8Array): string => `${algorithm} ${createHash(algorithm).update(part).digest("base64")}`;
      const wrong = await rig.patch(token, path, 0, bytes, { "upload-checksum": sum(bytes.subarray(1)) });
      expect(wrong).toMatchObject({ status: 460, body: { code: "checksum-mismatch" } });
      expect(await rig.offset(token, path)).toBe(0);
      expect(await rig.objects()).toEqual(before);
      const half = bytes.subarray(0, 100_000);
      expect((await rig.patch(token, path, 0, half, { "upload-checksum": sum(half) })).status).toBe(204);
      expect(
        (
          await rig.patch(token, path, 100_000, bytes.subarray(100_000), {
            "upload-checksum": sum(bytes.subarray(100_000)),
          })
        ).status,
      ).toBe(204);
      expect((await rig.status(token, path)).state).toBe("sealing");
    });

  it("counts nothing of a body that broke off before its checksum could be judged", async () => {
    const bytes = mp4Bytes(200_000);
    const path = await rig.create(token, bytes.length);
    const sum = createHash("sha256").update(bytes).digest("base64");
    const { request, answer } = rig.stream(token, "PATCH", path, {
      "content-type": "application/offset+octet-stream",
      "upload-offset": "0",
      "content-length": "200000",
      "upload-checksum": `sha256 ${sum}`,
    });
    request.write(bytes.subarray(0, 100_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    request.destroy();
    await answer.catch(() => undefined);
    await waitFor(
      "the writer to end",
      async () => (await rig.patch(token, path, 0, bytes, { "upload-checksum": `sha256 ${sum}` })).status === 204,
    );
  });

  it("of the whole file: a lying one keeps the bytes as an incomplete item", async () => {
    const bytes = mp4Bytes(50_000);
    const path = await rig.create(token, bytes.length, { filename: "lying.mp4", sha256: hex(randomBytes(1)) });
    await rig.patch(token, path, 0, bytes);
    await rig.seal(path);
    const status = await rig.status(token, path);
    expect(status).toMatchObject({ state: "refused", code: "hash-mismatch" });
    expect(status.detail).toContain(hex(bytes));
    const kept = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
      tx.selectFrom("sworn.evidence").selectAll().where("id", "=", status.evidenceId).executeTakeFirstOrThrow(),
    );
    expect(kept).toMatchObject({ state: "incomplete", size: bytes.length, sha256: null });
    expect((await rig.events(kept.id)).map(({ kind }) => kind)).toEqual(["upload.created", "evidence.incomplete"]);
  });
});

describe("the end of an upload", () => {
  it("at its sender's wish: nothing of zero bytes, an incomplete item of some", async () => {
    const empty = await rig.create(token, 1000);
    expect((await rig.send(token, "DELETE", empty)).status).toBe(204);
    expect(await rig.status(token, empty)).toMatchObject({ state: "cancelled", evidenceId: null });
    const begun = await rig.create(token, 1000);
    await rig.patch(token, begun, 0, mp4Bytes(400));
    expect((await rig.send(token, "DELETE", begun)).status).toBe(204);
    const status = await rig.status(token, begun);
    expect(status).toMatchObject({ state: "incomplete", received: 400 });
    expect((await rig.events(status.evidenceId ?? "")).map(({ kind }) => kind)).toEqual([
      "upload.created",
      "upload.incomplete",
      "evidence.incomplete",
    ]);
    for (const path of [empty, begun]) {
      expect(await rig.offset(token, path)).toBe(-410);
      expect((await rig.send(token, "DELETE", path)).body["code"]).toBe("upload-gone");
      expect((await rig.patch(token, path, path === empty ? 0 : 400, mp4Bytes(600))).body["code"]).toBe("upload-gone");
    }
    expect(TUS["tus-resumable"]).toBe("1.0.0");
  });
});

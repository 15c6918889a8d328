import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "@sworn/contract";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FileLayer, systemFiles } from "../../adapters/fs/blob-store-files.ts";
import { type IntakeDeps, makeDiskReserve, makeOrphanSweep, openFile, sweepUploads } from "./index.ts";
import { type IntakeFixture, collect, makeIntakeFixture } from "./testing.ts";
import { type UploadsRig, makeUploadsRig, mp4Bytes, waitFor } from "./uploads.testing.ts";

const OFFSET = { "content-type": "application/offset+octet-stream" };
const LIMITS = { silentMs: 400, windowMs: 1500, minBytesPerSecond: 16 * 1024 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let rig: UploadsRig;
let token: string;
beforeAll(async () => {
  rig = await makeUploadsRig();
  token = await rig.person();
});
afterAll(async () => await rig.end());
afterEach(() => void (rig.time.offset = 0));

/** Every byte that was counted is there and is the right one. */
async function assertKept(of: UploadsRig, path: string, bytes: Buffer): Promise<number> {
  const { received } = await of.status(token, path);
  const file = await of.intake.database.forAgency(of.intake.agencyId, (tx) =>
    tx
      .selectFrom("sworn.upload")
      .select("file_id")
      .where("id", "=", path.split("/").at(-1) ?? "")
      .executeTakeFirstOrThrow(),
  );
  const opened = await openFile(of.intake, of.intake.agencyId, file.file_id);
  expect(opened.size).toBe(received);
  expect((await collect(opened.bytes)).equals(bytes.subarray(0, received))).toBe(true);
  return received;
}

function patchStream(path: string, offset: number, length: number): ReturnType<UploadsRig["stream"]> {
  return rig.stream(token, "PATCH", path, {
    ...OFFSET,
    "upload-offset": String(offset),
    "content-length": String(length),
  });
}

describe("a connection", () => {
  it("that breaks keeps what it brought, and the upload goes on from there", async () => {
    const bytes = mp4Bytes(2_000_000);
    const path = await rig.create(token, bytes.length);
    const { request, answer } = patchStream(path, 0, bytes.length);
    request.write(bytes.subarray(0, 1_234_567));
    await pause(150);
    request.destroy();
    await answer.catch(() => undefined);
    await waitFor("the short span", async () => (await rig.offset(token, path)) === 1_234_567);
    await assertKept(rig, path, bytes);
    expect((await rig.patch(token, path, 1_234_567, bytes.subarray(1_234_567))).status).toBe(204);
    await rig.seal(path);
    expect(await rig.status(token, path)).toMatchObject({ state: "stored" });
    await assertKept(rig, path, bytes);
  });

  it("that falls silent is ended with 408 and keeps what it brought", async () => {
    await rig.restart({ bodyLimits: LIMITS });
    const bytes = mp4Bytes(300_000);
    const path = await rig.create(token, bytes.length);
    const { request, answer } = patchStream(path, 0, bytes.length);
    request.write(bytes.subarray(0, 100_000));
    const { status, body } = await answer;
    expect([status, body["code"], body["received"]]).toEqual([408, "client-too-slow", 100_000]);
    request.destroy();
    expect(await assertKept(rig, path, bytes)).toBe(100_000);
    await rig.restart();
  });

  it("that dribbles below the minimum rate is ended; one just above it is not", async () => {
    await rig.restart({ bodyLimits: LIMITS });
    const bytes = mp4Bytes(120_000);
    const outcomes = await Promise.all(
      [500, 4000].map(async (step) => {
        const path = await rig.create(token, bytes.length);
        const { request, answer } = patchStream(path, 0, bytes.length);
        const state = { answered: false };
        void answer.then(() => (state.answered = true));
        request.on("error", () => undefined);
        for (let at = 0; at < bytes.length && !state.answered; at += step) {
          request.write(bytes.subarray(at, at + step));
          await pause(100); // 5,000 and 40,000 bytes a second against 16,384
        }
        const { status } = await answer;
        request.destroy();
        return { status, kept: await assertKept(rig, path, bytes) };
      }),
    );
    expect(outcomes[0]?.status).toBe(408);
    expect(outcomes[0]?.kept).toBeGreaterThan(500);
    expect(outcomes[1]).toEqual({ status: 204, kept: bytes.length });
    await rig.restart();
  });

  it("does not lose its upload to a second one while it sends, and gives way once it is silent", async () => {
    const bytes = mp4Bytes(400_000);
    const path = await rig.create(token, bytes.length);
    const first = patchStream(path, 0, bytes.length);
    first.request.on("error", () => undefined);
    for (let at = 0; at < 100_000; at += 10_000) {
      first.request.write(bytes.subarray(at, at + 10_000));
      await pause(20);
    }
    const second = await rig.patch(token, path, 0, bytes);
    expect(second).toMatchObject({ status: 423, body: { code: "upload-locked" } });
    await pause(300); // silent now: the client has lost the connection without the server noticing
    expect(await rig.offset(token, path)).toBe(100_000);
    expect((await first.answer).status).toBe(423);
    expect((await rig.patch(token, path, 100_000, bytes.subarray(100_000))).status).toBe(204);
    expect(await assertKept(rig, path, bytes)).toBe(bytes.length);
  });

  it("at the same offset in two processes: exactly one is counted, the other leaves nothing", async () => {
    const other = await makeUploadsRig({}, rig.intake);
    try {
      const bytes = mp4Bytes(3_000_000);
      const id = await rig.intake.test.owner();
      const path = await rig.create(token, bytes.length);
      const { rows } = await id.query<{ actor_id: string }>("select actor_id from sworn.upload where id = $1", [
        path.split("/").at(-1),
      ]);
      const there = await other.person(["officer"], { kind: "key", actorId: rows[0]?.actor_id ?? "" });
      const before = (await rig.objects()).length;
      const answers = await Promise.all([
        rig.patch(token, path, 0, bytes.subarray(0, 1_000_000)),
        other.patch(there, path, 0, bytes.subarray(0, 2_000_000)),
      ]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204, 409]));
      expect((await rig.objects()).length).toBe(before + 1);
      expect(await assertKept(rig, path, bytes)).toBe(answers[0].status === 204 ? 1_000_000 : 2_000_000);
    } finally {
      await other.end();
    }
  });

  it("that sends more than it announced is refused without counting the excess", async () => {
    const bytes = mp4Bytes(1000);
    const path = await rig.create(token, bytes.length);
    const { request, answer } = rig.stream(token, "PATCH", path, {
      ...OFFSET,
      "upload-offset": "0",
      "transfer-encoding": "chunked",
    });
    request.on("error", () => undefined);
    request.end(Buffer.concat([bytes, Buffer.alloc(10)]));
    expect((await answer).body["code"]).toBe("body-too-large");
    expect(await rig.offset(token, path)).toBe(0);
  });
});

it("an answer of a commit that is lost takes no byte back: they are counted, and read back when sealed", async () => {
  const { database } = rig.intake;
  let lose = true;
  await rig.restart({
    database: {
      ...database,
      async forAgency(agencyId, work) {
        let counts = false;
        const result = await database.forAgency(agencyId, async (tx) => {
          const answer = await work(tx);
          const { rows } = await sql<{ spans: number }>`
            select count(*)::int4 as spans from sworn.span where xmin = pg_current_xact_id()::xid`.execute(tx);
          counts = (rows[0]?.spans ?? 0) > 0;
          return answer;
        });
        if (counts && lose) throw new Problem("busy", "The connection broke while the commit was answered.");
        return result;
      },
    },
  });
  const bytes = mp4Bytes(300_000);
  const path = await rig.create(token, bytes.length);
  expect((await rig.patch(token, path, 0, bytes.subarray(0, 200_000))).status).toBe(503);
  lose = false;
  expect(await rig.offset(token, path)).toBe(200_000);
  expect((await rig.patch(token, path, 200_000, bytes.subarray(200_000))).status).toBe(204);
  await rig.seal(path);
  expect(await rig.status(token, path)).toMatchObject({ state: "stored" });
  await assertKept(rig, path, bytes);
  await rig.restart();
});

describe("time and the sweepers", () => {
  it("keep what was counted while they decided: an upload that ends is never read before it is held", async () => {
    const path = await rig.create(token, 1000);
    rig.time.offset += 8 * 24 * 60 * 60 * 1000;
    const id = path.split("/").at(-1) ?? "";
    let sweeping: Promise<number> = Promise.resolve(0);
    await rig.intake.database.forAgency(rig.intake.agencyId, async (tx) => {
      await tx.updateTable("sworn.upload").set({ received: 10 }).where("id", "=", id).execute();
      sweeping = sweepUploads(rig.deps, rig.intake.agencyId);
      await pause(300); // it has found the row and waits for us
    });
    await sweeping;
    expect(await rig.status(token, path)).toMatchObject({ state: "incomplete", received: 10 });
    rig.time.offset = 0;
  });

  it("end uploads that never finished: some bytes become an incomplete item, none are cancelled", async () => {
    const [some, none, fresh] = [
      await rig.create(token, 1000),
      await rig.create(token, 1000),
      await rig.create(token, 1000),
    ];
    await rig.patch(token, some, 0, mp4Bytes(10));
    rig.time.offset = 8 * 24 * 60 * 60 * 1000;
    await rig.patch(token, fresh, 0, mp4Bytes(10)); // a byte moves the end on
    await sweepUploads(rig.deps, rig.intake.agencyId);
    expect(await rig.status(token, some)).toMatchObject({ state: "incomplete", received: 10 });
    expect(await rig.status(token, none)).toMatchObject({ state: "cancelled" });
    expect(await rig.status(token, fresh)).toMatchObject({ state: "receiving", received: 10 });
  });

  it("remove objects that no row names, old ones alone, and only when seen twice by the clock that does not jump", async () => {
    const sweep = makeOrphanSweep(rig.deps);
    const bytes = mp4Bytes(1000);
    const path = await rig.create(token, bytes.length);
    await rig.patch(token, path, 0, bytes);
    await rig.intake.blobStore.put("0f-0f-0f", [Buffer.from("left by a crash")]);
    expect(await sweep()).toBe(0);
    rig.time.offset = 25 * 60 * 60 * 1000; // wall and monotonic clock of the rig move together
    expect(await sweep()).toBe(0);
    rig.time.offset += 6 * 60 * 60 * 1000;
    expect(await sweep()).toBe(1);
    expect(await rig.objects()).not.toContain("0f-0f-0f");
    await assertKept(rig, path, bytes);
  });
});

describe("the same bytes again", () => {
  it("become a second entry on the same evidence, and the second copy goes", async () => {
    const bytes = mp4Bytes(100_000);
    const paths = await Promise.all([rig.create(token, bytes.length), rig.create(token, bytes.length)]);
    for (const path of paths) await rig.patch(token, path, 0, bytes);
    const before = (await rig.objects()).length;
    await Promise.all(paths.map((path) => rig.seal(path)));
    const statuses = await Promise.all(paths.map((path) => rig.status(token, path)));
    expect(statuses.map(({ state }) => state)).toEqual(["stored", "stored"]);
    expect(new Set(statuses.map(({ alreadyHeld }) => alreadyHeld))).toEqual(new Set([false, true]));
    expect(statuses[0]?.evidenceId).toBe(statuses[1]?.evidenceId);
    expect((await rig.events(statuses[0]?.evidenceId ?? "")).map(({ kind }) => kind)).toEqual([
      "upload.created",
      "evidence.stored",
      "evidence.received-again",
    ]);
    expect((await rig.objects()).length).toBe(before - 1);
    const original = statuses.findIndex(({ alreadyHeld }) => !alreadyHeld);
    await assertKept(rig, paths[original] ?? "", bytes);
  });

  it("are stored again, without a word, where the uploader may not see the original", async () => {
    await rig.restart({ maySee: () => Promise.resolve(false) });
    const bytes = mp4Bytes(1000);
    const ids = [];
    for (let i = 0; i < 2; i++) {
      const path = await rig.create(token, bytes.length);
      await rig.patch(token, path, 0, bytes);
      await rig.seal(path);
      const status = await rig.status(token, path);
      expect(status).toMatchObject({ state: "stored", alreadyHeld: false });
      ids.push(status.evidenceId);
    }
    expect(new Set(ids).size).toBe(2);
    await rig.restart();
  });

  it("of another agency are never recognised", async () => {
    const agencyId = await rig.intake.test.agency("Elsewhere (test)");
    const stranger = await rig.person(["officer"], { agencyId });
    const bytes = mp4Bytes(1000);
    const mine = await rig.create(token, bytes.length);
    await rig.patch(token, mine, 0, bytes);
    await rig.seal(mine);
    const theirs = await rig.create(stranger, bytes.length);
    await rig.patch(stranger, theirs, 0, bytes);
    const { sealUpload } = await import("./index.ts");
    await sealUpload(rig.deps, { agencyId, id: theirs.split("/").at(-1) ?? "" }, new AbortController().signal);
    expect(await rig.status(stranger, theirs)).toMatchObject({ state: "stored", alreadyHeld: false });
    expect((await rig.send(stranger, "HEAD", mine)).status).toBe(404);
  });
});

describe("a disk", () => {
  async function withRig<T>(
    options: { files?: FileLayer; root?: string; deps?: (intake: IntakeFixture) => Partial<IntakeDeps> },
    work: (broken: UploadsRig) => Promise<T>,
  ): Promise<T> {
    const intake = await makeIntakeFixture(options);
    const broken = await makeUploadsRig(options.deps?.(intake) ?? {}, intake);
    const keep = token;
    token = await broken.person();
    try {
      return await work(broken);
    } finally {
      token = keep;
      await broken.end();
      await intake.end();
    }
  }
  /** Linux after a failed write-back: the pages are dropped, the error is told once, the next fsync says "fine". */
  const losing = (fails: (n: number) => boolean, tell: boolean): FileLayer => {
    let n = 0;
    return {
      ...systemFiles,
      async sync(file) {
        if (!fails(++n)) return await file.sync();
        await file.truncate(Math.floor((await file.stat()).size / 2));
        if (tell) throw Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" });
      },
    };
  };

  it("that fails one fsync acknowledges nothing of that span, and takes it again", async () => {
    await withRig({ files: losing((n) => n === 1, true) }, async (broken) => {
      const bytes = mp4Bytes(500_000);
      const path = await broken.create(token, bytes.length);
      expect(await broken.patch(token, path, 0, bytes)).toMatchObject({
        status: 503,
        body: { code: "storage-failed" },
      });
      expect(await broken.offset(token, path)).toBe(0);
      expect(await broken.objects()).toEqual([]);
      expect((await broken.patch(token, path, 0, bytes)).status).toBe(204);
      await broken.seal(path);
      expect((await broken.status(token, path)).state).toBe("stored");
      await assertKept(broken, path, bytes);
    });
  });

  it("control: a build that takes a failed fsync for granted acknowledges bytes that are gone, and sealing says so", async () => {
    await withRig({ files: losing((n) => n === 1, false) }, async (broken) => {
      const bytes = mp4Bytes(500_000);
      const path = await broken.create(token, bytes.length);
      expect((await broken.patch(token, path, 0, bytes)).status).toBe(204); // the lie that the test above must catch
      await expect(assertKept(broken, path, bytes)).rejects.toMatchObject({ code: "storage-damaged" });
      await broken.seal(path);
      const status = await broken.status(token, path);
      expect(status).toMatchObject({ state: "refused", code: "storage-damaged" });
      expect((await broken.events(status.evidenceId ?? "")).map(({ kind }) => kind)).toContain("evidence.incomplete");
    });
  });

  it("that rots between received and stored is noticed by the read-back", async () => {
    const bytes = mp4Bytes(100_000);
    const path = await rig.create(token, bytes.length);
    const before = new Set(await rig.objects());
    await rig.patch(token, path, 0, bytes);
    const [key] = (await rig.objects()).filter((one) => !before.has(one));
    const file = await open(join(rig.intake.folder, "objects", `x${key?.slice(0, 3)}`, key ?? ""), "r+");
    await file.write(Buffer.from([0]), 0, 1, 50_000);
    await file.write(Buffer.from([1]), 0, 1, 50_001);
    await file.close();
    await rig.seal(path);
    expect(await rig.status(token, path)).toMatchObject({ state: "refused", code: "storage-damaged" });
    expect(rig.errors.splice(0).join()).toContain("seal-tampered");
  });

  it("below its reserve takes nothing new, and says so before a byte is sent", async () => {
    const space = { free: 2_000_000, total: 10_000_000 };
    let now = 0;
    const deps = (intake: IntakeFixture): Partial<IntakeDeps> => ({
      diskReserve: makeDiskReserve(
        {
          blobStore: { ...intake.blobStore, free: () => Promise.resolve(space) },
          clock: { now: () => now, monotonic: () => now },
        },
        { minFreeBytes: 1_000_000, minFreeShare: 0.05 },
      ),
    });
    await withRig({ deps }, async (broken) => {
      const refused = await broken.send(token, "POST", "/api/v1/uploads", { "upload-length": "1500000" });
      expect(refused).toMatchObject({ status: 507, body: { code: "disk-full" } });
      const path = await broken.create(token, 900_000);
      space.free = 999_999;
      now = 2000;
      expect((await broken.patch(token, path, 0, mp4Bytes(900_000))).body["code"]).toBe("disk-full");
      expect(await broken.offset(token, path)).toBe(0);
      space.free = 2_000_000;
      now = 4000;
      expect((await broken.patch(token, path, 0, mp4Bytes(900_000))).status).toBe(204);
    });
  });

  const mayMount = process.platform === "linux" && process.getuid?.() === 0;
  it.skipIf(!mayMount)(
    `that is really full (tmpfs of 64 MiB${mayMount ? "" : "; SKIPPED: mounting needs root"})`,
    async () => {
      const root = mkdtempSync(join(tmpdir(), "sworn-small-"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", root]);
      try {
        await withRig({ root }, async (broken) => {
          const filler = join(root, "filler");
          const bytes = mp4Bytes(60 << 20);
          const path = await broken.create(token, bytes.length);
          writeFileSync(filler, Buffer.alloc(30 << 20));
          expect((await broken.patch(token, path, 0, bytes.subarray(0, 10 << 20))).status).toBe(204);
          const full = await broken.patch(token, path, 10 << 20, bytes.subarray(10 << 20));
          expect(full).toMatchObject({ status: 507, body: { code: "disk-full" } });
          expect(await broken.offset(token, path)).toBe(10 << 20);
          expect(await broken.objects()).toHaveLength(1); // nothing half-written
          truncateSync(filler, 0);
          expect((await broken.patch(token, path, 10 << 20, bytes.subarray(10 << 20, 40 << 20))).status).toBe(204);
          expect(await assertKept(broken, path, bytes)).toBe(40 << 20);
          const leftovers = readdirSync(join(root, ".incoming"), { recursive: true }).filter(
            (name) => !String(name).endsWith(".lock"),
          );
          expect(leftovers).toHaveLength(1); // our own empty folder
        });
      } finally {
        execFileSync("umount", [root]);
        rmSync(root, { recursive: true });
      }
    },
    60_000,
  );
});

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Media, MediaError } from "../../ports/media.ts";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { makeMediaRig, type MediaRig } from "./testing.ts";

let rig: MediaRig;
let folder: string;
let video: Buffer;
/** Set by a test that wants the decoder to fail. */
let broken: { probe?: MediaError; poster?: MediaError } = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sworn-media-"));
  rig = await makeMediaRig({
    media: (real): Media => ({
      ...real,
      probe: (path, signal) => (broken.probe === undefined ? real.probe(path, signal) : Promise.reject(broken.probe)),
      poster: (path, options, signal) =>
        broken.poster === undefined ? real.poster(path, options, signal) : Promise.reject(broken.poster),
    }),
  });
  video = make("video.mp4", "-metadata", "creation_time=2026-11-20T21:03:58Z");
});
afterAll(async () => {
  await rig.end();
  rmSync(folder, { recursive: true });
});

/** Four seconds of H.264, 320×180. */
function make(name: string, ...more: string[]): Buffer {
  const file = join(folder, name);
  const input = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10:duration=4"];
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"];
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...input, ...encode, ...more, file]);
  return readFileSync(file);
}
const kinds = async (id: string): Promise<string[]> => (await rig.events(id)).map(({ kind }) => kind);
const postersOf = (id: string): Promise<{ id: string; media_type: string }[]> =>
  rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx
      .selectFrom("sworn.file")
      .select(["id", "media_type"])
      .where("evidence_id", "=", id)
      .where("role", "=", "poster")
      .execute(),
  );
const scratchLeft = (): string[] =>
  Object.values(rig.scratchFolders).flatMap((root) =>
    readdirSync(root).filter((name) => name.startsWith(`sworn-scratch-${process.pid}-`)),
  );

describe("an ordinary video", () => {
  test("gets facts, a poster, and an event for each; nothing plain is left behind", async () => {
    const id = await rig.store(video);
    const item = await rig.settled(id, ({ hasPoster, media }) => hasPoster && media.state === "ready");
    expect(item.media).toMatchObject({
      state: "ready",
      code: null,
      facts: { container: "mp4", durationMs: 4000, video: { codec: "h264", width: 320, height: 180 }, audio: null },
    });
    // What the file claims is kept as its claim, where nobody knew better.
    expect([item.recordedAt, item.timeSource]).toEqual(["2026-11-20T21:03:58.000Z", "file"]);
    const [poster] = await postersOf(id);
    const jpeg = await collect((await openFile(rig.intake, rig.intake.agencyId, poster?.id ?? "")).bytes);
    expect([poster?.media_type, jpeg.readUInt16BE(0)]).toEqual(["image/jpeg", 0xffd8]);
    // The storyboard is the other derivative; which of the two is first is the queue's business.
    await expect.poll(() => kinds(id)).toEqual(["evidence.probed", "derivative.stored", "derivative.stored"]);
    const stored = (await rig.events(id)).map(
      ({ event }) => JSON.parse(event) as { hashes: { sha256?: string }; details: { role?: string } },
    );
    const made = stored.find(({ details }) => details.role === "poster");
    expect(made?.details).toMatchObject({ role: "poster", tool: "ffmpeg", size: jpeg.length });
    expect(made?.hashes.sha256).toBe(createHash("sha256").update(jpeg).digest("hex"));
    await expect.poll(scratchLeft).toEqual([]);
  });

  test("jobs that run again change nothing", async () => {
    const id = await rig.store(video);
    await rig.settled(id, ({ hasPoster }) => hasPoster);
    await expect.poll(async () => (await kinds(id)).length).toBe(3);
    const before = await kinds(id);
    const { agencyId } = rig.intake;
    await rig.intake.database.forAgency(agencyId, async (tx) => {
      for (const name of ["probe", "poster", "poster", "positions"] as const)
        await rig.jobs.send(tx, name, { agencyId, id });
    });
    await expect
      .poll(async () => Object.values(await rig.jobs.counts()).every(({ waiting, active }) => waiting + active === 0))
      .toBe(true);
    expect(await kinds(id)).toEqual(before);
    expect(await postersOf(id)).toHaveLength(1);
  });

  test("its path is not shown to who may not see the item, and nothing is retried for them", async () => {
    const id = await rig.store(video);
    await rig.settled(id, ({ hasPoster }) => hasPoster);
    const stranger = { roles: ["officer"] as const, personId: "00000000-0000-4000-8000-000000000001" };
    for (const [method, path] of [
      ["POST", "media/retry"],
      ["GET", "track"],
    ] as const) {
      const answer = await rig.ask(method, `/api/v1/evidence/${id}/${path}`, stranger);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "not-found"]);
    }
  });
});

describe("a file that cannot be shown", () => {
  const cases: Record<string, { bytes: () => Buffer; code: string }> = {
    "a playlist named .mp4": {
      bytes: () => Buffer.from("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"),
      code: "format-refused",
    },
    "a playlist behind a moov": {
      bytes: () =>
        Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from("moov"), Buffer.from("#EXTM3U\nfile:///etc/hostname\n")]),
      code: "unreadable",
    },
    "MagicYUV in MOV": {
      bytes: () => make("magic.mov", "-c:v", "magicyuv", "-pix_fmt", "gbrp", "-f", "mov"),
      code: "codec-refused",
    },
    "cut off before its index": { bytes: () => video.subarray(0, 20_000), code: "unreadable" },
    noise: { bytes: () => Buffer.from("AAAA".repeat(2000)), code: "format-refused" },
  };
  for (const [what, { bytes, code }] of Object.entries(cases))
    test(`${what}: refused with why, logged, kept, not tried again`, async () => {
      const original = bytes();
      const id = await rig.store(original);
      const item = await rig.settled(id, ({ media }) => media.state === "refused");
      expect(item.media).toMatchObject({ code, facts: null });
      expect(item.media.detail?.length).toBeGreaterThan(20);
      expect([item.state, item.size, item.hasPoster]).toEqual(["stored", original.length, false]);
      expect(await kinds(id)).toEqual(["evidence.probed"]);
      expect((await rig.jobs.counts()).probe.waiting).toBe(0);
    });

  test("cut off in the middle of its picture: shown with what it holds, and said so", async () => {
    const whole = make("fast.mp4", "-movflags", "+faststart");
    const id = await rig.store(whole.subarray(0, Math.floor(whole.length * 0.8)));
    const item = await rig.settled(id, ({ hasPoster }) => hasPoster);
    expect(item.media).toMatchObject({ state: "ready", code: "truncated" });
    expect(item.media.detail).toContain("bytes that it announces are not there");
  });
});

describe("a decoder that fails", () => {
  test("a crash is visible at once, tried again, and heals by itself", async () => {
    broken = { probe: new MediaError("crashed", "The decoder was ended by signal 11.") };
    const id = await rig.store(video);
    const item = await rig.settled(id, ({ media }) => media.state === "failed");
    expect(item.media).toMatchObject({ code: "crashed", detail: "The decoder was ended by signal 11." });
    expect(await kinds(id)).toEqual([]);
    broken = {};
    await rig.hurry();
    await rig.settled(id, ({ media, hasPoster }) => media.state === "ready" && hasPoster);
    await expect.poll(scratchLeft).toEqual([]);
  });

  test("what was parked is tried again when a person asks", async () => {
    broken = { probe: new MediaError("timed-out", "The decoder did not end within 30 s.") };
    const id = await rig.store(video);
    await expect
      .poll(
        async () => {
          await rig.hurry();
          return (await rig.jobs.counts()).probe.failed;
        },
        { timeout: 15_000, interval: 200 },
      )
      .toBeGreaterThan(0);
    expect((await rig.settled(id, ({ media }) => media.state === "failed")).media.code).toBe("timed-out");
    broken = {};
    const answer = await rig.ask("POST", `/api/v1/evidence/${id}/media/retry`);
    expect([answer.status, await answer.json()]).toEqual([202, { state: "pending" }]);
    await rig.settled(id, ({ media, hasPoster }) => media.state === "ready" && hasPoster);
    // Asked once more, with nothing to do, it stays as it is.
    await rig.ask("POST", `/api/v1/evidence/${id}/media/retry`);
    expect((await rig.settled(id, () => true)).media.state).toBe("ready");
  });

  test("however often somebody asks for what runs already, the line gets one more and no other", async () => {
    const id = await rig.store(video);
    await rig.settled(id, ({ media, hasPoster }) => media.state === "ready" && hasPoster);
    broken = { probe: new MediaError("timed-out", "The decoder did not end within 30 s.") };
    const before = await rig.probes(id);
    await rig.leaveRunning(id);
    for (let i = 0; i < 20; i++) expect((await rig.ask("POST", `/api/v1/evidence/${id}/media/retry`)).status).toBe(202);
    expect((await rig.probes(id)) - before).toBeLessThan(5);
    broken = {};
  });

  test("a poster that fails hides neither facts nor item, and comes later", async () => {
    broken = { poster: new MediaError("crashed", "The decoder was ended by signal 11.") };
    const id = await rig.store(video);
    const item = await rig.settled(id, ({ media }) => media.state === "failed");
    expect(item.media.facts?.video?.codec).toBe("h264");
    expect(item.media.detail).toContain("No poster could be made.");
    broken = {};
    await rig.ask("POST", `/api/v1/evidence/${id}/media/retry`);
    expect((await rig.settled(id, ({ hasPoster }) => hasPoster)).media.state).toBe("ready");
  });
});

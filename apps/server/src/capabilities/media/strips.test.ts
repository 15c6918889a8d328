import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence, EvidenceStrips } from "@sworn/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Media, MediaError } from "../../ports/media.ts";
import { stepsOf, makeStaircase } from "./strips.testing.ts";
import { makeMediaRig, type MediaRig } from "./testing.ts";

// Stored, probed and served as an operator's would be: real database, queue, files, ffmpeg in its box, and HTTP.
let rig: MediaRig;
let folder: string;
let broken: MediaError | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sworn-strips-"));
  rig = await makeMediaRig({
    media: (real): Media => ({
      ...real,
      storyboard: (...args) => (broken === null ? real.storyboard(...args) : Promise.reject(broken)),
    }),
  });
});
afterAll(async () => {
  await rig.end();
  rmSync(folder, { recursive: true });
});

const strips = async (id: string, who = {}): Promise<EvidenceStrips> => {
  const answer = await rig.ask("GET", `/api/v1/evidence/${id}/strips`, who);
  expect(answer.status).toBe(200);
  return (await answer.json()) as EvidenceStrips;
};
const idle = async (): Promise<void> => {
  const busy = async (): Promise<boolean> =>
    Object.values(await rig.jobs.counts()).some(({ waiting, active }) => waiting + active > 0);
  for (let tries = 0; await busy(); tries++) {
    if (tries > 400) throw new Error("jobs do not end");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const stored = async (bytes: Buffer): Promise<{ id: string; item: Evidence }> => {
  const id = await rig.store(bytes);
  await idle();
  return { id, item: await rig.settled(id, () => true) };
};
const picture = async (id: string): Promise<{ jpeg: Buffer; etag: string; answer: Response }> => {
  const answer = await rig.ask("GET", `/api/v1/evidence/${id}/storyboard`);
  const jpeg = Buffer.from(await answer.arrayBuffer());
  return { jpeg, etag: answer.headers.get("etag") ?? "", answer };
};
const roles = async (id: string): Promise<string[]> =>
  (await rig.events(id))
    .map(({ event }) => (JSON.parse(event) as { details: { role?: string } }).details.role ?? "")
    .filter((role) => role !== "");

describe("twenty seconds with sound", () => {
  let id: string;
  beforeAll(async () => {
    ({ id } = await stored(makeStaircase(folder, "a.mp4", { seconds: 20, sound: true })));
  }, 30_000);

  test("every tile shows its second, and stands at its time", async () => {
    const { storyboard } = await strips(id);
    expect(storyboard).toMatchObject({ tileWidth: 160, tileHeight: 90, columns: 10 });
    expect(storyboard?.tiles).toEqual(Array.from({ length: 20 }, (_, i) => i * 1000));
    const { jpeg, answer } = await picture(id);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
    expect(stepsOf(jpeg, 10, 20, folder)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("the waveform is quiet, then loud", async () => {
    const { waveform } = await strips(id);
    const peaks = Buffer.from(waveform?.peaks ?? "", "base64");
    expect([waveform?.stepMs, Math.abs(peaks.length - 200) <= 1]).toEqual([100, true]);
    const mean = (from: number, to: number): number =>
      peaks.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
    expect(mean(0, 98)).toBeLessThan(30);
    expect(mean(102, 198)).toBeGreaterThan(mean(0, 98) * 6);
  });

  test("both are derivatives with their event, hash and tool; nothing plain is left", async () => {
    const events = (await rig.events(id)).filter(({ kind }) => kind === "derivative.stored");
    const said = events.map(({ event }) => JSON.parse(event) as { hashes: { sha256: string }; details: object });
    expect(said.map(({ details }) => details)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ role: "storyboard", take: 0, tool: "ffmpeg", count: 20 }),
        expect.objectContaining({ role: "waveform", take: 0, tool: "ffmpeg" }),
      ]),
    );
    const { etag } = await picture(id);
    expect(said.map(({ hashes }) => `"${hashes.sha256}"`)).toContain(etag);
    const left = Object.values(rig.scratchFolders).flatMap((root) => readdirSync(root));
    expect(left.filter((name) => name.startsWith(`sworn-scratch-${process.pid}-`))).toEqual([]);
  });

  test("made again, nothing changes", async () => {
    const before = await roles(id);
    const { agencyId, database } = rig.intake;
    await database.forAgency(agencyId, async (tx) => {
      for (let i = 0; i < 2; i++) await rig.jobs.send(tx, "storyboard", { agencyId, id });
    });
    await idle();
    expect(await roles(id)).toEqual(before);
    expect(before.toSorted()).toEqual(["poster", "storyboard", "waveform"]);
  });

  test("the picture is a look at the footage and is logged as that, once; where its tiles stand is not", async () => {
    const views = async (of: string): Promise<object[]> =>
      (await rig.events(of))
        .filter(({ kind }) => kind === "evidence.viewed" || kind === "evidence.previewed")
        .map(({ kind, event }) => ({ kind, take: (JSON.parse(event) as { details: { take: number } }).details.take }));
    const other = await stored(makeStaircase(folder, "b.mp4", { seconds: 2, sound: false }));
    await strips(other.id);
    expect(await views(other.id)).toEqual([]);
    const { etag } = await picture(other.id);
    await picture(other.id);
    expect(await views(other.id)).toEqual([{ kind: "evidence.previewed", take: 0 }]);
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    // Who then plays it has viewed it: the one must not stand for the other.
    await (await rig.ask("GET", `/api/v1/evidence/${other.id}/media`)).arrayBuffer();
    expect(await views(other.id)).toEqual([
      { kind: "evidence.previewed", take: 0 },
      { kind: "evidence.viewed", take: 0 },
    ]);
  });

  test("who may only list, or not see it, gets neither", async () => {
    const stranger = { roles: ["officer"] as const, personId: "00000000-0000-4000-8000-000000000001" };
    for (const path of ["storyboard", "strips"]) {
      const hidden = await rig.ask("GET", `/api/v1/evidence/${id}/${path}`, stranger);
      const absent = await rig.ask("GET", `/api/v1/evidence/00000000-0000-4000-8000-000000000002/${path}`, stranger);
      expect([hidden.status, absent.status]).toEqual([404, 404]);
      expect(await hidden.text()).toBe(await absent.text());
      expect((await rig.ask("GET", `/api/v1/evidence/${id}/${path}`, { roles: ["auditor"] })).status).toBe(403);
    }
  });
});

describe("what has no storyboard, or half of one", () => {
  test("a file without sound: pictures, and no waveform", async () => {
    const { id } = await stored(makeStaircase(folder, "mute.mp4", { seconds: 3, sound: false }));
    expect(await strips(id)).toMatchObject({ storyboard: { columns: 3, tiles: [0, 1000, 2000] }, waveform: null });
  });

  test("a file that was cut off: what it holds", async () => {
    const whole = makeStaircase(folder, "cut.mp4", { seconds: 20, sound: false, more: ["-movflags", "+faststart"] });
    const { id, item } = await stored(whole.subarray(0, Math.floor(whole.length * 0.7)));
    expect(item.media).toMatchObject({ state: "ready", code: "truncated" });
    const { storyboard } = await strips(id);
    const count = storyboard?.tiles.length ?? 0;
    expect([count > 4, count < 20]).toEqual([true, true]);
    const seconds = Array.from({ length: count }, (_, i) => i);
    expect(storyboard?.tiles).toEqual(seconds.map((second) => second * 1000));
    expect(stepsOf((await picture(id)).jpeg, 10, count, folder)).toEqual(seconds);
  });

  test("a hostile file: refused by the probe, and never opened for strips", async () => {
    const { id, item } = await stored(Buffer.from("#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"));
    expect(item.media.state).toBe("refused");
    expect(await strips(id)).toEqual({ storyboard: null, waveform: null });
    expect((await picture(id)).answer.status).toBe(404);
    expect(await roles(id)).toEqual([]);
  });

  test("a decoder that crashes: the item stays ready and plays; asked again, its storyboard comes", async () => {
    broken = new MediaError("crashed", "The decoder was ended by signal 11.");
    const id = await rig.store(makeStaircase(folder, "crash.mp4", { seconds: 2, sound: true }));
    const item = await rig.settled(id, ({ media, hasPoster }) => media.state === "ready" && hasPoster);
    expect(item.media).toMatchObject({ state: "ready", code: null });
    await expect.poll(async () => (await strips(id)).waveform !== null).toBe(true);
    await expect
      .poll(
        async () => {
          await rig.hurry();
          return (await rig.jobs.counts()).storyboard.failed;
        },
        { timeout: 15_000, interval: 200 },
      )
      .toBe(1);
    expect((await rig.settled(id, () => true)).media.state).toBe("ready");
    expect((await strips(id)).storyboard).toBeNull();
    broken = null;
    for (let i = 0; i < 3; i++) await rig.ask("POST", `/api/v1/evidence/${id}/media/retry`);
    await expect.poll(async () => (await strips(id)).storyboard?.tiles, { timeout: 10_000 }).toEqual([0, 1000]);
  }, 40_000);
});

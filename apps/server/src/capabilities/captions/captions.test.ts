import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate, testPicture } from "../../adapters/ffmpeg/testing-files.ts";
import { makeMediaRig, type MediaRig } from "../media/testing.ts";
import { captionRoutes } from "./index.ts";
import { MOST_BYTES, readWebVtt, writeWebVtt } from "./rules.ts";

describe("what is read of a WebVTT", () => {
  it("is times and plain text, in the order of time, and written anew it reads the same", () => {
    const cues = readWebVtt(
      [
        "\uFEFFWEBVTT - by hand",
        "",
        "STYLE",
        "::cue { background: url(https://example.org/x) }",
        "",
        "NOTE nobody reads this",
        "",
        "2",
        "00:03.500 --> 00:04.000 line:0 position:20%",
        "<v Ofc. Adair><b>Stop</b> &amp; <script>alert(1)</script>stay",
        "here --&gt; now",
        "",
        "00:00:01.000 --> 00:00:02.000",
        "First",
        "",
        "00:09.000 --> 00:08.000",
        "Backwards",
      ].join("\r\n"),
    );
    expect(cues).toEqual([
      { fromMs: 1000, toMs: 2000, text: "First" },
      { fromMs: 3500, toMs: 4000, text: "Stop & alert(1)stay\nhere --> now" },
    ]);
    const text = writeWebVtt(cues ?? []);
    expect(text).toContain("00:00:03.500 --> 00:00:04.000\nStop &amp; alert(1)stay\nhere --&gt; now\n");
    expect(text).not.toMatch(/STYLE|url|<|NOTE/);
    expect(readWebVtt(text)).toEqual(cues);
  });
  it.each([
    ["no WebVTT", "1\n00:01.000 --> 00:02.000\nText"],
    ["another name", "WEBVTTX\n\n00:01.000 --> 00:02.000\nText"],
    ["no cue", "WEBVTT\n\nNOTE empty"],
    ["cues without text", "WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>"],
    ["too long", `WEBVTT\n\n00:01.000 --> 00:02.000\n${"x".repeat(MOST_BYTES)}`],
    ["too many", `WEBVTT\n\n${"00:01.000 --> 00:02.000\nx\n\n".repeat(20_001)}`.slice(0, MOST_BYTES + 1)],
  ])("is nothing where there is %s", (_, text) => {
    expect(readWebVtt(text)).toBeNull();
  });
});

describe("captions of an item", () => {
  let rig: MediaRig;
  let folder: string;
  let spoken: string;
  let silent: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sworn-captions-"));
    rig = await makeMediaRig({ more: (deps) => Promise.resolve(captionRoutes(deps)) });
    writeFileSync(join(folder, "a.srt"), "1\n00:00:00,500 --> 00:00:01,500\n<i>Show</i> me your hands\n");
    const bytes = (name: string, ...args: string[]): Buffer => readFileSync(generate(join(folder, name), ...args));
    const [form, format] = [testPicture.slice(0, -2), testPicture.slice(-2)];
    const subtitles = ["-i", join(folder, "a.srt"), "-map", "0:v", "-map", "1:a", "-map", "2:s", "-c:s", "mov_text"];
    // Inputs come before what is said of the output.
    spoken = await rig.store(bytes("a.mp4", ...form.slice(0, 8), ...subtitles, ...form.slice(8), ...format));
    silent = await rig.store(bytes("b.mp4", ...testPicture));
    for (const id of [spoken, silent])
      await rig.settled(id, ({ media, hasPoster }) => media.state === "ready" && hasPoster);
  }, 60_000);
  afterAll(async () => {
    await rig.end();
    rmSync(folder, { recursive: true });
  });
  const read = async (id: string): Promise<{ status: number; text: string; type: string | null }> => {
    const answer = await rig.ask("GET", `/api/v1/evidence/${id}/captions`);
    return { status: answer.status, text: await answer.text(), type: answer.headers.get("content-type") };
  };
  const add = async (id: string, vtt: string, who = {}): Promise<number> =>
    (await rig.ask("POST", `/api/v1/evidence/${id}/captions`, who, { vtt })).status;

  it("are taken out of the file by the media job, as plain text, with an entry in the log", async () => {
    const item = await rig.settled(spoken, ({ captionsId }) => captionsId !== null);
    expect(item.media.state).toBe("ready");
    expect(await read(spoken)).toEqual({
      status: 200,
      type: "text/vtt; charset=utf-8",
      text: "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nShow me your hands\n",
    });
    const events = await rig.events(spoken);
    const added = events.find(({ kind }) => kind === "evidence.captions-added")?.event ?? "{}";
    expect(JSON.parse(added)).toMatchObject({ details: { by: "file", cues: 1, tool: "ffmpeg" } });
    expect(added).not.toContain("hands");
    expect(events.map(({ kind }) => kind)).toContain("evidence.viewed");
  });

  it("are brought by hand where the file has none; the newest hold, and what is none changes nothing", async () => {
    await rig.settled(silent, ({ media }) => media.state === "ready");
    expect((await read(silent)).status).toBe(404);
    expect(await add(silent, "no captions at all")).toBe(400);
    expect(await add(silent, `WEBVTT\n\n${"x".repeat(MOST_BYTES)}`)).toBe(400);
    expect((await read(silent)).status).toBe(404);
    expect(await add(silent, "WEBVTT\n\n00:01.000 --> 00:02.000\n<img src=x onerror=alert(1)>One")).toBe(201);
    expect((await read(silent)).text).toContain("\nOne\n");
    expect(await add(silent, "WEBVTT\n\n00:01.000 --> 00:02.000\nTwo")).toBe(201);
    expect((await read(silent)).text).toContain("\nTwo\n");
    const events = (await rig.events(silent)).filter(({ kind }) => kind === "evidence.captions-added");
    expect(events).toHaveLength(2);
    expect(await add(randomUUID(), "WEBVTT\n\n00:01.000 --> 00:02.000\nTwo")).toBe(404);
    expect(await add(silent, "WEBVTT\n\n00:01.000 --> 00:02.000\nTwo", { roles: ["auditor"] })).toBe(403);
  });
});

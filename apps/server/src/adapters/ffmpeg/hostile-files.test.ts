import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findTool } from "./find-tool.ts";
import { openFfmpeg } from "./index.ts";
import { inputOptions } from "./open-ffmpeg.ts";
import { generate, makeScratch, testPicture } from "./testing-files.ts";

// Every one of these is named .mp4, and every one would open something or reach something in an unguarded decoder.
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const scratch = makeScratch();
let server: Server;
let connections = 0;
let port = 0;
const files: Record<string, () => string> = {
  "HLS playlist to a local file": () =>
    "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
  "HLS playlist to a server": () =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:${port}/a.ts\n#EXT-X-ENDLIST\n`,
  "concat list": () => "ffconcat version 1.0\nfile /etc/hostname\n",
  SVG: () =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="http://127.0.0.1:${port}/x.png" width="9" height="9"/></svg>`,
  "DASH manifest": () =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><BaseURL>http://127.0.0.1:${port}/</BaseURL></MPD>`,
  XBIN: () => `XBIN\u001a\u0050\u0000\u0019\u0000\u0010\u0000${"A ".repeat(4000)}`,
  "SDP description": () => `v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video ${port} RTP/AVP 96\n`,
};

beforeAll(async () => {
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  scratch.remove();
});

describe("a file that is not what its name says", () => {
  const media = openFfmpeg({ log, mediaSandbox: "required", hide: [] });
  for (const [what, content] of Object.entries(files))
    test(`${what}: refused, nothing reached`, async () => {
      const source = scratch.put("hostile.mp4", content());
      await expect(media.probe(source)).rejects.toMatchObject({ code: "format-refused", retryable: false });
      await expect(media.poster(source, { atMs: 0, width: 320 })).rejects.toMatchObject({ code: "format-refused" });
      expect(connections).toBe(0);
    });

  test("MagicYUV in AVI: the container is refused", async () => {
    const source = generate(
      join(scratch.folder, "magic-avi.mp4"),
      "-f",
      "lavfi",
      "-i",
      "testsrc=duration=1:size=64x64",
      "-c:v",
      "magicyuv",
      "-f",
      "avi",
    );
    await expect(media.probe(source)).rejects.toMatchObject({ code: "format-refused" });
  });

  test("MagicYUV in MOV: the container is opened, the codec never", async () => {
    const source = generate(
      join(scratch.folder, "magic-mov.mp4"),
      "-f",
      "lavfi",
      "-i",
      "testsrc=duration=1:size=64x64",
      "-c:v",
      "magicyuv",
      "-f",
      "mov",
    );
    await expect(media.probe(source)).rejects.toMatchObject({ code: "codec-refused", retryable: false });
    await expect(media.poster(source, { atMs: 0, width: 64 })).rejects.toMatchObject({ code: "codec-refused" });
  });
});

// Sniffing is the first wall. These tests take it away (a valid ftyp in front, or a bare decoder run with the same
// options) and watch what the program itself opens.
const strace = findTool("strace");
describe.skipIf(strace === null)(
  `watched with strace${strace === null ? " (SKIPPED: strace is not installed)" : ""}`,
  () => {
    const watched = (trace: string): ReturnType<typeof openFfmpeg> =>
      openFfmpeg({
        log,
        mediaSandbox: "required",
        hide: [],
        watch: [
          strace ?? "",
          "-f",
          "-qq",
          "-s",
          "256",
          "-o",
          trace,
          "-e",
          "trace=execve,open,openat,openat2,connect,socket",
        ],
      });

    test("control: an unguarded decoder is seen opening the playlist's file", () => {
      const trace = join(scratch.folder, "control.trace");
      const source = scratch.put("control.mp4", "ffconcat version 1.0\nfile /etc/hostname\n");
      try {
        execFileSync(strace ?? "", [
          "-f",
          "-qq",
          "-s",
          "256",
          "-o",
          trace,
          "-e",
          "trace=execve,open,openat,connect,socket",
          "ffprobe",
          "-v",
          "quiet",
          "-safe",
          "0",
          "-f",
          "concat",
          source,
        ]);
      } catch {
        // It fails on what it opened; what it opened is the point.
      }
      expect(reachedBy(trace)).toContain("/etc/hostname");
    });

    test("control: a decoder that follows references is seen opening what the MOV points to", () => {
      const trace = join(scratch.folder, "reference.trace");
      const source = pointElsewhere(generate(join(scratch.folder, "plain.mov"), ...testPicture, "-f", "mov"));
      const follow = ["ffprobe", "-v", "quiet", "-enable_drefs", "1", "-use_absolute_path", "1", source];
      spawnSync(strace ?? "", ["-f", "-qq", "-s", "256", "-o", trace, "-e", "trace=execve,open,openat", ...follow], {
        stdio: "ignore",
      });
      expect(reachedBy(trace)).toContain("/etc/hostname");
    });

    // The second wall alone: no sniffing, no box, only the options that every run gets.
    for (const what of Object.keys(files))
      test(`${what}: with our options alone, a bare decoder opens nothing else and makes no socket`, () => {
        const trace = join(scratch.folder, "bare.trace");
        scratch.put("bare.mp4", files[what]?.() ?? "");
        const options = inputOptions({ name: "mp4", demuxer: "mov", formats: "mov,mp4,m4a,3gp,3g2,mj2" });
        const watch = ["-f", "-qq", "-s", "256", "-o", trace, "-e", "trace=execve,open,openat,connect,socket"];
        const bare = [...watch, "ffprobe", "-v", "quiet", ...options, "-i", "./bare.mp4"];
        spawnSync(strace ?? "", bare, { cwd: scratch.folder, stdio: "ignore" });
        // Outside the box its libraries look at the machine when they start (processors, security modules).
        const reached = reachedBy(trace).filter((path) => !isSystem(path) && !/^\/(sys|proc)\//.test(path));
        expect(new Set(reached)).toEqual(new Set(["./bare.mp4"]));
        expect(connections).toBe(0);
      });

    const disguised: Record<string, (folder: string) => string> = {
      "an ordinary video": (folder) => generate(join(folder, "plain.mp4"), ...testPicture),
      "MagicYUV in MOV": (folder) =>
        generate(
          join(folder, "magic.mp4"),
          "-f",
          "lavfi",
          "-i",
          "testsrc=duration=1:size=64x64",
          "-c:v",
          "magicyuv",
          "-f",
          "mov",
        ),
      "a playlist behind a real ftyp": () =>
        scratch.put("poly.mp4", Buffer.concat([ftyp, Buffer.from(files["HLS playlist to a local file"]?.() ?? "")])),
      "a MOV whose samples lie in another file": (folder) =>
        pointElsewhere(generate(join(folder, "dref.mp4"), ...testPicture, "-f", "mov")),
    };
    for (const [what, make] of Object.entries(disguised))
      test(`${what}: nothing outside is opened, no socket is made`, async () => {
        const trace = join(scratch.folder, "media.trace");
        const source = make(scratch.folder);
        const media = watched(trace);
        await media.probe(source).catch(() => null);
        const probed = reachedBy(trace);
        expect(probed).toContain(`./${source.slice(scratch.folder.length + 1)}`);
        await media.poster(source, { atMs: 0, width: 64 }).catch(() => null);
        const outside = [...probed, ...reachedBy(trace)].filter((path) => !isSystem(path) && !path.startsWith("./"));
        expect(outside).toEqual([]);
        expect(connections).toBe(0);
      });
  },
);

const ftyp = Buffer.from([0, 0, 0, 16, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 2, 0]);

/** Replaces the self-contained data reference of the first track by an alias to /etc/hostname (QuickTime, `alis`). */
function pointElsewhere(file: string): string {
  const bytes = readFileSync(file);
  const at = bytes.indexOf("url \0\0\0\u0001") - 4;
  if (at < 0) throw new Error("the file has no self-contained data reference");
  const path = Buffer.from("/etc/hostname\0");
  // Volume, name and levels are empty; then one entry: absolute path.
  const entry = Buffer.concat([
    Buffer.alloc(150),
    Buffer.from([0, 2, 0, path.length]),
    path,
    Buffer.from([255, 255, 0, 0]),
  ]);
  const alias = Buffer.concat([Buffer.alloc(4), Buffer.from("alis\0\0\0\0", "latin1"), entry]);
  alias.writeUInt32BE(alias.length);
  // The boxes around it grow; the picture lies in front of them, so that no other offset changes.
  for (const type of ["dref", "dinf", "minf", "mdia", "trak", "moov"]) {
    const parent = bytes.lastIndexOf(type, at) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(parent) + alias.length - 12, parent);
  }
  return scratch.put("dref.mp4", Buffer.concat([bytes.subarray(0, at), alias, bytes.subarray(at + 12)]));
}

/** Paths that programs opened after the box had become ffprobe or ffmpeg, and every socket, from an strace log. */
function reachedBy(trace: string): string[] {
  const reached: string[] = [];
  let decoding = false;
  for (const line of readFileSync(trace, "utf8").split("\n")) {
    if (/execve\("[^"]*\/(ffprobe|ffmpeg)"/.test(line)) decoding = true;
    if (!decoding || /= -1 (ENOENT|EACCES)/.test(line)) continue;
    if (/\b(socket|connect)\(/.test(line)) reached.push(`socket: ${line}`);
    const opened = /\bopen(?:at2?)?\([^"]*"([^"]+)"/.exec(line)?.[1];
    if (opened !== undefined) reached.push(opened);
  }
  return reached;
}

const isSystem = (path: string): boolean =>
  /^\/(usr|lib|lib64)\/|^\/etc\/(ld\.so|OpenCL|vdpau|pulse)|^\/dev\/(null|urandom)$/.test(path);

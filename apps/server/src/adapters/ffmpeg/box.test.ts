import { execFileSync, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FfmpegOptions, openFfmpeg } from "./index.ts";
import { generate, makeScratch, stub, testPicture } from "./testing-files.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const scratch = makeScratch();
const tools = mkdtempSync(join(tmpdir(), "sworn-media-stub-"));
let source: string;
beforeAll(() => {
  source = generate(join(scratch.folder, "source.mp4"), ...testPicture);
});
afterAll(() => {
  scratch.remove();
  rmSync(tools, { recursive: true });
});
const open = (options: Partial<FfmpegOptions> = {}): ReturnType<typeof openFfmpeg> =>
  openFfmpeg({ log, mediaSandbox: "required", hide: [], ...options });
const boxed = (script: string, options: Partial<FfmpegOptions> = {}): Promise<unknown> =>
  open({ ...stub(tools, script), ...options }).probe(source);

describe("what a real file gives", () => {
  test("facts of picture and sound", async () => {
    expect(await open().probe(source)).toEqual({
      container: "mp4",
      durationMs: 2000,
      video: { codec: "h264", width: 320, height: 180, frameRate: 15, rotation: 0 },
      audio: { codec: "aac", channels: 1, sampleRate: 44_100 },
      createdAt: null,
      device: null,
    });
  });

  test("a poster that is a JPEG of at most the asked width; past the end it is the first frame", async () => {
    for (const atMs of [1000, 999_000]) {
      const jpeg = await open().poster(source, { atMs, width: 160 });
      expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
      const file = scratch.put("poster.jpg", jpeg);
      const size = execFileSync("ffprobe", [
        "-v",
        "error",
        "-show_entries",
        "stream=width,height",
        "-of",
        "csv=p=0",
        file,
      ]);
      expect(size.toString().trim()).toBe("160,90");
    }
  });

  test("rotation is told clockwise and applied to the poster", async () => {
    const file = join(scratch.folder, "turned.mp4");
    let turned: string;
    try {
      turned = generate(file, "-display_rotation", "-90", "-i", source, "-c", "copy");
    } catch {
      // ffmpeg 5 has no such option; there the tag does the same.
      turned = generate(file, "-i", source, "-c", "copy", "-metadata:s:v", "rotate=-90");
    }
    expect((await open().probe(turned)).video?.rotation).toBe(90);
    const jpeg = scratch.put("upright.jpg", await open().poster(turned, { atMs: 0, width: 160 }));
    expect(sizeOf(jpeg)).toBe("160,284");
  });

  test("a truncated file is unreadable, not empty facts", async () => {
    const cut = scratch.put("cut.mp4", readFileSync(source).subarray(0, 9000));
    await expect(open().probe(cut)).rejects.toMatchObject({ code: "unreadable", retryable: false });
  });
});

describe("what a broken or hostile decoder can do", () => {
  test("hang: ended after its time, with everything it started, and may be tried again", async () => {
    const hang = boxed("sleep 987.25 & sleep 987.25", { probeTimeoutMs: 500 });
    await expect(hang).rejects.toMatchObject({ code: "timed-out", retryable: true });
    await expect.poll(() => commandLines().some((line) => line.includes("987.25"))).toBe(false);
  });

  test("hang on a fifo: the same", async () => {
    execFileSync("mkfifo", [join(tools, "fifo")]);
    const hang = boxed(`cat ${join(tools, "fifo")}`, { probeTimeoutMs: 500 });
    await expect(hang).rejects.toMatchObject({ code: "timed-out" });
  });

  for (const [signal, script] of Object.entries({
    SEGV: "kill -SEGV $$",
    ABRT: "kill -ABRT $$",
    "KILL (no memory left)": "kill -KILL $$",
  }))
    test(`crash by ${signal}: told from a refusal, may be tried again`, async () => {
      await expect(boxed(script)).rejects.toMatchObject({ code: "crashed", retryable: true });
    });

  test("eat memory: stopped at its limit", async () => {
    const limits = { memoryBytes: 256 * 1024 ** 2 };
    await expect(
      boxed("head -c 2G /dev/zero | tail -c 1G > /dev/null; exit ${PIPESTATUS[1]}", { limits }),
    ).rejects.toMatchObject({ code: "too-large" });
  });

  test("burn the processor: ended by its own limit, before the clock's", async () => {
    const burn = boxed("while :; do :; done", { limits: { cpuSeconds: 1 }, probeTimeoutMs: 15_000 });
    await expect(burn).rejects.toMatchObject({ retryable: true });
  });

  test("flood its output: cut off", async () => {
    await expect(boxed("yes")).rejects.toMatchObject({ code: "too-large", retryable: false });
  });

  test("write a file: not one byte", async () => {
    await expect(boxed("echo stolen > ./out; exit $?")).rejects.toBeInstanceOf(Error);
    expect(existsSync(join(scratch.folder, "out")) && readFileSync(join(scratch.folder, "out")).length > 0).toBe(false);
  });

  test("reach the network: there is none, not even this machine's own", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const dial = `exec 3<>/dev/tcp/127.0.0.1/${port} || exit 5; exit 0`;
    // Control: the same line outside the box does connect.
    await new Promise<void>((resolve) => {
      server.once("connection", () => resolve());
      spawnSync("bash", ["-c", dial]);
    });
    await expect(boxed(dial)).rejects.toMatchObject({ code: "unreadable" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections).toBe(1);
    server.close();
  });

  test("look around: keys, other jobs' files, processes and the environment are not there", async () => {
    const home = mkdtempSync("/var/tmp/sworn-home-");
    writeFileSync(join(home, "master.key"), "secret", { mode: 0o644 });
    try {
      const look = `cat ${home}/master.key /proc/self/status && exit 0; env; ls /proc | wc -l; exit 5`;
      process.env["SWORN_TEST_SECRET"] = "in the environment";
      const error = await boxed(look, { hide: [home] }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "unreadable" });
      expect(String(error)).toContain("No such file");
    } finally {
      delete process.env["SWORN_TEST_SECRET"];
      rmSync(home, { recursive: true });
    }
  });

  test("be root: it is not, and has no powers to come back", async () => {
    const check = `exec 1>&2; [ "$(id -u)" = 0 ] && [ -w / ] && echo "can write"; mount -t tmpfs none /mnt 2>/dev/null && echo "can mount"; exit 5`;
    const error = await boxed(check).catch((caught: unknown) => caught);
    expect(String(error)).toContain("no reason given");
  });

  test("ignore a stop: it is killed and the stop's own reason is thrown", async () => {
    const stop = new AbortController();
    const running = open(stub(tools, "trap '' TERM; sleep 986.5")).probe(source, stop.signal);
    setTimeout(() => stop.abort(new Error("the server stops")), 300);
    await expect(running).rejects.toThrow("the server stops");
    await expect.poll(() => commandLines().some((line) => line.includes("986.5"))).toBe(false);
  });
});

describe("where no box can be made", () => {
  test("nothing is decoded unless the operator chose to, and it says what to do", async () => {
    const blind = open({ ffmpeg: "/usr/bin/false", ffprobe: "/usr/bin/false" });
    await expect(blind.probe(source)).rejects.toMatchObject({ code: "sandbox-unavailable", retryable: true });
  });
  test("ffmpeg that is missing is its own plain message", async () => {
    const missing = open({ ffmpeg: "/nonexistent/ffmpeg" });
    await expect(missing.probe(source)).rejects.toMatchObject({ code: "sandbox-unavailable" });
  });
});

// The other half of the machines: the server run by an ordinary user.
const asUser = process.getuid?.() === 0 && readableByOthers(process.execPath) && readableByOthers(import.meta.filename);
test.skipIf(!asUser)(
  `an ordinary user's box has no network either${asUser ? "" : " (SKIPPED: not root, or the checkout is closed to others)"}`,
  () => {
    const script = `import { openFfmpeg } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const media = openFfmpeg({ log: console, mediaSandbox: "required", hide: [] });
    console.log(JSON.stringify([await media.describe(), await media.probe(${JSON.stringify(source)})]));`;
    const user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const ran = spawnSync("setpriv", [...user, process.execPath, "--input-type=module-typescript", "-e", script], {
      encoding: "utf8",
    });
    const last = ran.stdout.trim().split("\n").at(-1) ?? "";
    if (ran.status !== 0 && ran.stderr.includes("sandbox-unavailable")) {
      console.warn("this system lets ordinary users make no namespaces; the box was refused, as it must be");
      return;
    }
    expect(ran.stderr).toBe("");
    expect(JSON.parse(last)).toMatchObject([{ box: "namespaces" }, { container: "mp4", durationMs: 2000 }]);
  },
);

function sizeOf(picture: string): string {
  const args = ["-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", picture];
  return execFileSync("ffprobe", args).toString().trim();
}

function readableByOthers(file: string): boolean {
  const test = spawnSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "cat", file], {
    stdio: "ignore",
  });
  try {
    accessSync(file, constants.R_OK);
  } catch {
    return false;
  }
  return test.status === 0;
}

function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    });
}

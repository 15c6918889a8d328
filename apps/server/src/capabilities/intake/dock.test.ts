import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Footage, makeFootage, uniqueFile, withoutIndex } from "../../../../../tests/fault/harness/footage.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { mediaUser, openFfmpeg } from "../../adapters/ffmpeg/index.ts";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { libraryRoutes } from "../library/index.ts";
import { openScratch, workMedia } from "../media/index.ts";
import { sealUpload } from "./index.ts";
import { makeUploadsRig, mp4Bytes, type UploadsRig } from "./uploads.testing.ts";

// `sworn dock` as people start it, a process of its own, against the real upload routes.
const cli = fileURLToPath(new URL("../../../../cli/src/main.ts", import.meta.url));
let rig: UploadsRig;
let jobs: Jobs;
let scratch: string;
let footage: Footage;
let token: string;
let card: string;
let home: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  rig = await makeUploadsRig({}, undefined, ({ database, custody }) => libraryRoutes({ database, custody }));
  const { test: base } = rig.intake;
  const connection = loginConfig(base.ownerConfig, "sworn_app", base.loginSecret);
  jobs = await openQueue({ connection, log: rig.deps.log, graceMs: 300, pollSeconds: 0.5 });
  await jobs.work("seal-upload", (job, signal) => sealUpload(rig.deps, job, signal));
  scratch = mkdtempSync(join(tmpdir(), "sworn-dock-scratch-"));
  const media = openFfmpeg({ log: rig.deps.log, mediaSandbox: "required", hide: [rig.intake.folder] });
  const folders = { memory: "/dev/shm", disk: scratch, maxMemory: 256 * 1024 * 1024, user: mediaUser() };
  await workMedia({ ...rig.deps, jobs, media, scratch: await openScratch(folders) });
  footage = makeFootage(scratch, 3);
});
afterAll(async () => {
  await jobs.stop();
  await rig.end();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(async () => {
  token = await rig.person(["custodian"]);
  card = mkdtempSync(join(tmpdir(), "sworn-card-"));
  home = mkdtempSync(join(tmpdir(), "sworn-dock-home-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of [card, home]) rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly err: () => string;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function dock(...more: string[]): Running {
  const env = { ...process.env, SWORN_URL: rig.url(), SWORN_TOKEN: token, XDG_STATE_HOME: home };
  const args = [cli, "dock", card, "--settle", "0.2", "--json", ...more];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, err: () => err, ended };
}

/** A file that the camera finished a minute ago. */
function leave(name: string, bytes: Buffer): string {
  const path = join(card, name);
  writeFileSync(path, bytes);
  const then = new Date(Date.now() - 60_000);
  utimesSync(path, then, then);
  return createHash("sha256").update(bytes).digest("hex");
}

async function held(sha256: string): Promise<{ id: string; title: string }[]> {
  const owner = await rig.intake.test.owner();
  const found = await owner.query<{ id: string; title: string }>(
    "select id, title from sworn.evidence where encode(sha256, 'hex') = $1 and state = 'stored'",
    [sha256],
  );
  return found.rows;
}
const journal = (): string =>
  readdirSync(join(home, "sworn", "dock"))
    .map((name) => readFileSync(join(home, "sworn", "dock", name), "utf8"))
    .join("");

test("takes in what a camera left, also in folders below, and lists what it does not take", async () => {
  mkdirSync(join(card, "DCIM", "100CAM"), { recursive: true });
  const [first, second] = [leave("DCIM/100CAM/ümlaut Ö.MP4", mp4Bytes(3_000_000)), leave("b.mov", mp4Bytes(100_000))];
  leave("b.nmea", Buffer.from("$GPRMC"));
  leave("thumb.thm", randomBytes(100));
  leave(".hidden.mp4", mp4Bytes(100));
  symlinkSync("/etc/hostname", join(card, "out.mp4"));
  const { code, out, err } = await dock().ended;
  expect([code, err.includes("Error")]).toEqual([0, false]);
  expect(JSON.parse(out)).toMatchObject({
    stored: 2,
    refused: 0,
    unreadable: 0,
    notTaken: 3,
    bytes: 3_100_000,
    removed: 0,
  });
  expect((await held(first)).map(({ title }) => title)).toEqual(["ümlaut Ö.MP4"]);
  expect(await held(second)).toHaveLength(1);
  for (const line of [
    "not taken  thumb.thm",
    "not taken  out.mp4 (a link)",
    "b.nmea (positions beside a file are not sent yet",
    "stored     b.mov",
  ])
    expect(err).toContain(line);
  expect(existsSync(join(card, "b.mov"))).toBe(true);
});

test("run again it sends nothing; with another memory the server knows what it holds", async () => {
  const sha256 = leave("a.mp4", mp4Bytes(500_000));
  await dock().ended;
  const objects = (await rig.objects()).length;
  const again = await dock().ended;
  expect([again.code, JSON.parse(again.out)]).toEqual([0, expect.objectContaining({ stored: 1, alreadyHeld: 1 })]);
  expect((await rig.objects()).length).toBe(objects);
  rmSync(home, { recursive: true });
  const forgotten = await dock().ended;
  expect(JSON.parse(forgotten.out)).toMatchObject({ stored: 1, alreadyHeld: 1 });
  expect(await held(sha256)).toHaveLength(1);
});

test("killed in the middle of a file, the next run goes on where it was", async () => {
  const sha256 = leave("long.mp4", mp4Bytes(80_000_000));
  const first = dock();
  // The second span of 64 MiB is under way once the first is durable.
  const received = async (): Promise<number> => {
    const owner = await rig.intake.test.owner();
    const { rows } = await owner.query<{ received: string }>(
      "select received from sworn.upload where name = 'long.mp4'",
    );
    return Number(rows[0]?.received ?? 0);
  };
  await expect.poll(received, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  first.child.kill("SIGKILL");
  await first.ended;
  const before = await received();
  expect(before).toBeGreaterThan(0);
  const { code } = await dock().ended;
  expect(code).toBe(0);
  expect(await held(sha256)).toHaveLength(1);
  const owner = await rig.intake.test.owner();
  const uploads = await owner.query("select 1 from sworn.upload where name = 'long.mp4'");
  expect(uploads.rowCount).toBe(1);
}, 60_000);

test("deletes a source only once it is stored, plays and is still the same", async () => {
  const sha256 = leave("gone.mp4", uniqueFile(footage, "gone", 300_000));
  const broken = leave("no index.mp4", withoutIndex(uniqueFile(footage, "no index", 300_000)));
  const short = leave("cut.mp4", uniqueFile(footage, "cut", 300_000).subarray(0, footage.file.length - 4000));
  const { code, out, err } = await dock("--delete").ended;
  expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ stored: 3, harmed: 2, removed: 1 })]);
  expect(existsSync(join(card, "gone.mp4"))).toBe(false);
  // Stored like any other, and said to be what it is; the copy here may be the only one that can be mended.
  expect(err).toMatch(/^stored +no index\.mp4 \(.*cannot be played: .*Keep your copy/m);
  expect(err).toMatch(/^stored +cut\.mp4 \(.*plays only in part: .*Keep your copy/m);
  expect([existsSync(join(card, "no index.mp4")), existsSync(join(card, "cut.mp4"))]).toEqual([true, true]);
  expect([(await held(broken)).length, (await held(short)).length]).toEqual([1, 1]);
  // The next run asks again, and still keeps them.
  const again = await dock("--delete").ended;
  expect(JSON.parse(again.out)).toMatchObject({ stored: 2, harmed: 2, removed: 0 });
  expect(await held(sha256)).toHaveLength(1);
});

test("does not delete what changed behind its name and time", async () => {
  const bytes = uniqueFile(footage, "swapped", 300_000);
  leave("swapped.mp4", bytes);
  await dock().ended;
  // Same name, size and time, other bytes: only reading them again can tell.
  bytes[299_000] = (bytes[299_000] ?? 0) ^ 1;
  const entry = journal();
  leave("swapped.mp4", bytes);
  const key = Object.keys(JSON.parse(entry) as object)[0] ?? "";
  const mtime = new Date(Number(key.split("|").at(-1)));
  utimesSync(join(card, "swapped.mp4"), mtime, mtime);
  const { out, err } = await dock("--delete").ended;
  expect(JSON.parse(out)).toMatchObject({ removed: 0 });
  expect(err).toContain("its bytes changed since: the source is kept");
  expect(existsSync(join(card, "swapped.mp4"))).toBe(true);
});

test("waits for a file that is still being written", async () => {
  const path = join(card, "growing.mp4");
  const parts = Array.from({ length: 6 }, (_, i) => (i === 0 ? mp4Bytes(50_000) : randomBytes(50_000)));
  writeFileSync(path, parts[0] ?? "");
  const running = dock();
  for (const part of parts.slice(1)) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    appendFileSync(path, part);
  }
  const { code, out } = await running.ended;
  expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ stored: 1, bytes: 300_000 })]);
  expect(await held(createHash("sha256").update(Buffer.concat(parts)).digest("hex"))).toHaveLength(1);
});

test("refused and unreadable files are said and fail the run; the others are taken all the same", async () => {
  leave("empty.mp4", Buffer.alloc(0));
  leave("playlist.mp4", Buffer.from("#EXTM3U\nfile:///etc/passwd\n"));
  leave("locked.mp4", mp4Bytes(1000));
  const good = leave("z.mp4", mp4Bytes(100_000));
  chmodSync(join(card, "locked.mp4"), 0o000);
  const { code, out, err } = await dock("--delete").ended;
  const asRoot = process.getuid?.() === 0;
  if (asRoot) console.warn("as root every file can be read: the unreadable one is taken here");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ refused: 2, unreadable: asRoot ? 0 : 1 });
  expect(err).toContain("refused    empty.mp4: This file holds no bytes");
  expect(err).toContain("refused    playlist.mp4:");
  expect(await held(good)).toHaveLength(1);
  // Refused is not stored: --delete leaves it alone.
  expect([existsSync(join(card, "empty.mp4")), existsSync(join(card, "playlist.mp4"))]).toEqual([true, true]);
});

test("watching takes what appears, outlives a server that restarts, and ends cleanly", async () => {
  const running = dock("--watch");
  await new Promise((resolve) => setTimeout(resolve, 500));
  await rig.restart();
  const sha256 = leave("late.mp4", mp4Bytes(100_000));
  await expect.poll(async () => (await held(sha256)).length, { timeout: 15_000 }).toBe(1);
  await expect.poll(() => running.err()).toContain("stored     late.mp4");
  running.child.kill("SIGTERM");
  expect((await running.ended).code).toBe(0);
}, 30_000);

test("a wrong key stops at once and says so; a wrong command line is 2", async () => {
  leave("a.mp4", mp4Bytes(1000));
  token = "nobody";
  const refused = await dock().ended;
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("not-signed-in")]);
  const env = { ...process.env, SWORN_TOKEN: "x" };
  const wrong = spawn(process.execPath, [cli, "dock", join(card, "nowhere")], { env, stdio: "ignore" });
  const [code] = (await once(wrong, "close")) as [number];
  expect(code).toBe(2);
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFragment, readInit } from "@sworn/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { type Camera, makeRecordingsRig, type RecordingsRig } from "./testing.ts";

// The camera as people start it, a process of its own, against this server.
const cli = fileURLToPath(new URL("../../../../cli/src/main.ts", import.meta.url));
// Recordings take as long as they take; a machine that runs every test at once is slower still.
vi.setConfig({ testTimeout: 90_000 });

let rig: RecordingsRig;
let camera: Camera;
let spool: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  rig = await makeRecordingsRig({ lookEveryMs: 100 });
  rig.recordings().start();
});
afterAll(async () => await rig.end());
beforeEach(async () => {
  camera = await rig.key("device");
  spool = await mkdtemp(join(tmpdir(), "sworn-camera-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(spool, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

function start(...args: string[]): Running {
  const small = ["--size", "128x72", "--rate", "10", "--bitrate", "200", "--spool", spool, "--json"];
  const env = { ...process.env, SWORN_URL: rig.url(), SWORN_TOKEN: camera.token };
  const child = spawn(process.execPath, [cli, "camera", ...small, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  const ended = once(child, "exit").then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended };
}

const restart = async (): Promise<void> => {
  await rig.restart();
  rig.recordings().start();
};

async function kept(): Promise<string[]> {
  const found = await readdir(spool, { recursive: true });
  return found.filter((name) => name.endsWith(".m4s")).toSorted();
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`did not come true: ${what}\n${rig.errors.join("\n")}`);
}

async function recordingId(): Promise<string> {
  const listed = await rig.send(camera, "GET", "/api/v1/recordings");
  const items = listed.body["items"] as { id: string }[];
  expect(items).toHaveLength(1);
  return items[0]?.id ?? "";
}

/** What is stored of a recording: seconds of picture, over all takes, and the state of each. */
async function stored(
  id: string,
): Promise<{ state: string; takes: string[]; fragments: number; seconds: number; fixes: number }> {
  const { database, agencyId } = rig.intake;
  const rows = await database.forAgency(agencyId, async (tx) => ({
    evidence: await tx.selectFrom("sworn.evidence").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
    takes: await tx.selectFrom("sworn.take").selectAll().where("recording_id", "=", id).orderBy("take").execute(),
    tracks: await tx.selectFrom("sworn.track").selectAll().where("evidence_id", "=", id).execute(),
  }));
  let ms = 0;
  for (const take of rows.takes) {
    const bytes = await collect((await openFile(rig.intake, agencyId, take.file_id)).bytes);
    const moov = bytes.indexOf("moov") - 4;
    const end = moov + bytes.readUInt32BE(moov);
    ms += readFragment(bytes.subarray(end), readInit(bytes.subarray(0, end))).durationMs;
  }
  return {
    state: rows.evidence.state,
    takes: rows.takes.map((take) => take.state),
    fragments: rows.takes.reduce((sum, take) => sum + take.stored_fragments, 0),
    seconds: Math.round(ms / 1000), // AAC's priming adds 21 ms
    fixes: rows.tracks.reduce((sum, track) => sum + track.fixes, 0),
  };
}

function nmea(seconds: number): string {
  const lines = Array.from({ length: seconds }, (_, i) => {
    const time = `2103${String(i).padStart(2, "0")}.00`;
    const body = `GNRMC,${time},A,4736.${String(1000 + i)},N,12218.5000,W,2.9,84.4,201126,,,A`;
    const sum = Buffer.from(body).reduce((xor, byte) => xor ^ byte, 0);
    return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}\r\n`;
  });
  return lines.join("");
}

it("records, sends, pushes positions in step, and leaves nothing behind once all is stored", async () => {
  const gps = join(spool, "walk.nmea");
  await writeFile(gps, nmea(30));
  const { code, out, err } = await start("--source", "test", "--fast", "--seconds", "6", "--gps", gps).ended;
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining(`Footage is kept in ${spool} until`) });
  expect(err).toMatch(/^Opening a moving test picture, 128x72\./);
  expect(err).not.toMatch(/fragment|Not sending/i);
  const result = JSON.parse(out) as { id: string; fragments: number; stored: number; done: boolean };
  expect(result).toMatchObject({ fragments: 6, stored: 6, received: 6, refused: 0, done: true });
  expect(await kept()).toEqual([]);
  expect(await stored(result.id)).toMatchObject({
    state: "stored",
    takes: ["stored"],
    fragments: 6,
    seconds: 6,
    fixes: 7,
  });
});

it("killed in the middle keeps what it fsynced, and the next start brings all of it", async () => {
  const first = start("--source", "test", "--seconds", "60");
  await until("three fragments are received", async () => {
    const listed = await rig.send(camera, "GET", "/api/v1/recordings");
    const items = listed.body["items"] as { takes: { received: number }[] }[];
    return (items[0]?.takes[0]?.received ?? 0) >= 3;
  });
  first.child.kill("SIGKILL");
  await first.ended;
  const left = await kept();
  expect(left.length).toBeGreaterThanOrEqual(3);
  const { code, err } = await start("--send-only").ended;
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining("An earlier run left a recording there"),
  });
  const end = await stored(await recordingId());
  expect(end).toMatchObject({ state: "stored", takes: ["stored"], fragments: left.length });
  expect(await kept()).toEqual([]);
});

it("without a server records all the same; the server's restarts and absence lose nothing", async () => {
  const run = start("--source", "test", "--seconds", "7");
  await until("a fragment is kept", async () => (await kept()).length > 0);
  await rig.stop();
  await until("three more are kept", async () => (await kept()).length > 3);
  await restart();
  await restart();
  const { code, out, err } = await run.ended;
  expect(code).toBe(0);
  expect(err).toMatch(/^Not sending \(.*\)\. Recording goes on; .* of footage wait here/m);
  const result = JSON.parse(out) as { id: string; fragments: number };
  expect(result).toMatchObject({ fragments: 7, stored: 7, done: true });
  expect(await stored(result.id)).toMatchObject({ state: "stored", fragments: 7, seconds: 7 });
});

it("away for longer than the server waits goes on as a new part; nothing is missing between them", async () => {
  const gps = join(spool, "walk.nmea");
  await writeFile(gps, nmea(30));
  const first = start("--source", "test", "--seconds", "60", "--gps", gps);
  await until("two fragments are kept", async () => (await kept()).length > 1);
  await rig.stop();
  await until("three more are kept", async () => (await kept()).length > 4);
  first.child.kill("SIGKILL");
  await first.ended;
  const all = (await kept()).length;
  await restart();
  rig.time.offset += 95_000;
  const id = await recordingId();
  await until("it is interrupted", async () => (await rig.status(camera, id)).takes[0]?.state === "interrupted");
  const { code } = await start("--send-only").ended;
  expect(code).toBe(0);
  const end = await stored(id);
  expect(end).toMatchObject({
    state: "stored",
    takes: ["interrupted", "stored"],
    fragments: all,
    seconds: all,
  });
  // None is missing; those of the fragment that was under way may stand in both parts.
  expect([all + 1, all + 2]).toContain(end.fixes);
});

it("an init that never arrived, and a silence that closed its part: all of it goes into the next one", async () => {
  const token = camera.token;
  camera = { ...camera, token: "sworn_device_000000000000000000000000" };
  expect((await start("--source", "test", "--fast", "--seconds", "4", "--wait", "1").ended).code).toBe(3);
  camera = { ...camera, token };
  const [id = ""] = await readdir(spool);
  const request = JSON.parse(await readFile(join(spool, id, "recording.json"), "utf8")) as { clock: unknown };
  expect((await rig.send(camera, "POST", "/api/v1/recordings", { ...request, id })).status).toBeLessThan(300);
  const cut = await rig.put(camera, `/api/v1/recordings/${id}/takes/0/init`, Buffer.from("cut off"));
  expect(cut.status).toBeGreaterThanOrEqual(400);
  expect((await rig.status(camera, id)).takes).toMatchObject([{ state: "open", init: false }]);
  rig.time.offset += 95_000;
  await until("it is interrupted", async () => (await rig.status(camera, id)).takes[0]?.state === "interrupted");
  const { code, out } = await start("--send-only").ended;
  expect({ code, result: JSON.parse(out) as unknown }).toMatchObject({ code: 0, result: { refused: 0, done: true } });
  expect(await kept()).toEqual([]);
  await rig.settle(id, "stored");
  expect(await rig.status(camera, id)).toMatchObject({ takes: [{ state: "interrupted" }, { stored: 4 }] });
});

it("sends again after Ctrl-C what is under way, and ends the recording itself", async () => {
  const run = start("--source", "test");
  await until("a fragment is received", async () => {
    const listed = await rig.send(camera, "GET", "/api/v1/recordings");
    return ((listed.body["items"] as { takes: { received: number }[] }[])[0]?.takes[0]?.received ?? 0) > 0;
  });
  run.child.kill("SIGINT");
  const { code, out } = await run.ended;
  expect(code).toBe(0);
  const result = JSON.parse(out) as { id: string; fragments: number };
  expect(await stored(result.id)).toMatchObject({ state: "stored", takes: ["stored"], fragments: result.fragments });
});

it("says what is wrong with a source or a key, and keeps what it has", async () => {
  const nothing = await start("--source", "/nowhere.mp4").ended;
  expect(nothing.code).toBe(1);
  expect(nothing.err).toContain("gave no picture");
  camera = { ...camera, token: "sworn_device_000000000000000000000000" };
  const refused = await start("--source", "test", "--fast", "--seconds", "2", "--wait", "1").ended;
  expect(refused.code).toBe(3);
  expect(refused.err).toContain("not-signed-in");
  expect(await kept()).toHaveLength(2);
});

it("simulates a fleet over several keys, and counts what the server really has", async () => {
  const tokens = [camera.token, (await rig.key("device")).token].join(",");
  const env = { ...process.env, SWORN_URL: rig.url(), SWORN_TOKEN: tokens };
  const args = [cli, "simulate", "--cameras", "4", "--minutes", "0.05", "--bitrate", "300"];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let out = "";
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  expect((await once(child, "exit"))[0]).toBe(0);
  const result = JSON.parse(out) as { recordings: string[]; ackMs: { p99: number } };
  expect(result).toMatchObject({ cameras: 4, fragments: 12, failed: 0, lost: 0 });
  expect(result.ackMs.p99).toBeGreaterThan(0);
  for (const id of result.recordings) await rig.settle(id, "stored");
  expect(await stored(result.recordings[0] ?? "")).toMatchObject({ takes: ["stored"], fragments: 3, seconds: 3 });
});

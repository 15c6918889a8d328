import { createHash, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent } from "node:http";
import { callOk, makeAgent } from "./client.ts";
import { startSworn } from "./contenders.ts";
import { makeTimeline, type Timeline } from "./footage.ts";
import { cpuSeconds, quantile, spreadOf, table, watchMemory } from "./measure.ts";
import { watchLoop } from "./watch-loop.ts";

export interface CameraOptions {
  readonly cameras: readonly number[];
  readonly seconds: number;
  readonly megabits: number;
  readonly nodeArgs: readonly string[];
}

/** Fragments are kept twice for a while: in the spool, and in the span they were rolled into. */
export const cameraBytes = ({ cameras, seconds, megabits }: CameraOptions): number =>
  2.2 * Math.max(...cameras) * (seconds + 10) * megabits * 125_000;

/** One line per number of cameras, each against a fresh server. */
export async function benchCameras(folder: string, options: CameraOptions): Promise<string> {
  const timeline = makeTimeline(folder, options.megabits);
  const rows: string[][] = [];
  for (const count of options.cameras) {
    const row = await measure(`${folder}/cameras-${count}`, count, timeline, options);
    process.stderr.write(`  ${row.join("  ")}\n`);
    rows.push(row);
  }
  const head = [
    "cameras",
    "sent MB/s",
    "ack p50 ms",
    "p99",
    "max",
    "lost",
    "ping p50 ms",
    "p99",
    "max",
    "CPU s/s",
    "MiB RSS by quarter",
  ];
  return table(head, rows);
}

interface Camera {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly waits: number[];
  acknowledged: number;
  bytes: number;
}

async function measure(folder: string, count: number, timeline: Timeline, options: CameraOptions): Promise<string[]> {
  const { server, key } = await startSworn(folder, options.nodeArgs);
  try {
    const agent = makeAgent(count);
    const admin = { authorization: `Bearer ${await key("admin")}` };
    const cameras: Camera[] = [];
    for (let i = 0; i < count; i++) cameras.push(await openCamera(server.url, admin, i, timeline, agent));
    const pid = server.pid ?? 0;
    const memory = watchMemory(pid);
    const loop = watchLoop(server.url);
    await sleep(500);
    const before = cpuSeconds(pid);
    const started = performance.now() + 200;
    await Promise.all(
      cameras.map((camera, i) => record(camera, timeline, agent, started + (1000 * i) / count, options.seconds)),
    );
    const elapsed = (performance.now() - started) / 1000;
    const after = cpuSeconds(pid);
    const { waits: pings, failed } = await loop.stop();
    const samples = memory.stop();
    let lost = 0;
    const whole = hashTake(timeline, options.seconds);
    // All at once: one that waits for the others would count as silent and be closed by the server.
    await Promise.all(cameras.map((camera) => close(camera, agent)));
    for (const camera of cameras) lost += await countLost(camera, agent, whole);
    const waits = cameras.flatMap((camera) => camera.waits);
    const sent = cameras.reduce((sum, camera) => sum + camera.bytes, 0);
    const ms = (values: readonly number[], share: number): string => quantile(values, share).toFixed(0);
    const quarter = (i: number): string => {
      const part = samples.slice(Math.floor((i * samples.length) / 4), Math.floor(((i + 1) * samples.length) / 4));
      return (spreadOf(part).median / 2 ** 20).toFixed(0);
    };
    return [
      String(count),
      (sent / 1e6 / elapsed).toFixed(0),
      ms(waits, 0.5),
      ms(waits, 0.99),
      ms(waits, 1),
      String(lost),
      ms(pings, 0.5),
      ms(pings, 0.99),
      `${ms(pings, 1)}${failed > 0 ? ` (${failed} failed)` : ""}`,
      ((after.own + after.children - before.own - before.children) / elapsed).toFixed(2),
      [0, 1, 2, 3].map(quarter).join(" "),
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openCamera(
  url: string,
  admin: Readonly<Record<string, string>>,
  index: number,
  timeline: Timeline,
  agent: Agent,
): Promise<Camera> {
  const name = `bench camera ${index}`;
  const made = await postJson(`${url}/api/v1/keys`, admin, { name, role: "device", deviceName: name }, agent);
  const headers = { authorization: `Bearer ${(made as { token: string }).token}` };
  const id = randomUUID();
  const clock = { utc: new Date().toISOString(), source: "ntp", uncertaintyMs: 20 };
  await postJson(`${url}/api/v1/recordings`, headers, { id, reason: "button", clock }, agent);
  const recording = `${url}/api/v1/recordings/${id}`;
  await put(`${recording}/takes/0/init`, headers, timeline.init, timeline.initSha256, agent);
  return { url: recording, headers, waits: [], acknowledged: 0, bytes: 0 };
}

/** A fragment each second. Waits count from the moment it was due, so that a queue at the camera is not hidden. */
async function record(
  camera: Camera,
  timeline: Timeline,
  agent: Agent,
  startAt: number,
  seconds: number,
): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    const due = startAt + n * 1000;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const { bytes, sha256 } = timeline.fragment(n);
    await put(`${camera.url}/takes/0/fragments/${n}`, camera.headers, bytes, sha256, agent);
    camera.waits.push(performance.now() - due);
    camera.acknowledged += 1;
    camera.bytes += bytes.length;
  }
}

async function close({ url, headers, acknowledged }: Camera, agent: Agent): Promise<void> {
  await postJson(`${url}/close`, headers, { takes: [{ take: 0, fragments: acknowledged }] }, agent);
}

/** Waits until it is stored; the fragments that were acknowledged, where the stored take is not their hash. */
async function countLost(camera: Camera, agent: Agent, wholeTake: string): Promise<number> {
  const { url, headers } = camera;
  for (const end = Date.now() + 180_000; Date.now() < end; await sleep(200)) {
    const { text } = await callOk({ method: "GET", url, headers, agent });
    const [take] = (JSON.parse(text) as { takes: { state: string; stored: number; sha256: string | null }[] }).takes;
    if (take === undefined || take.sha256 === null) continue;
    return take.sha256 === wholeTake ? 0 : camera.acknowledged;
  }
  return camera.acknowledged;
}

function hashTake(timeline: Timeline, seconds: number): string {
  const hash = createHash("sha256").update(timeline.init);
  for (let n = 0; n < seconds; n++) hash.update(timeline.fragment(n).bytes);
  return hash.digest("hex");
}

async function put(
  url: string,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
  sha256: Buffer,
  agent: Agent,
): Promise<void> {
  const digest = `sha-256=:${sha256.toString("base64")}:`;
  const all = { ...headers, "content-type": "video/mp4", "content-digest": digest };
  await callOk({ method: "PUT", url, headers: all, body: [bytes], length: bytes.length, agent });
}

async function postJson(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: object,
  agent: Agent,
): Promise<unknown> {
  const bytes = Buffer.from(JSON.stringify(body));
  const all = { ...headers, "content-type": "application/json" };
  const { text } = await callOk({ method: "POST", url, headers: all, body: [bytes], length: bytes.length, agent });
  return JSON.parse(text) as unknown;
}

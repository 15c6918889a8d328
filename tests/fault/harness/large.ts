import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createSplitter } from "@sworn/core";
import { type Sworn, SwornError } from "@sworn/sdk";
import { residentBytes } from "./process-tree.ts";
import type { Random } from "./random.ts";
import { type Prepared, type Rig, setUpRig } from "./rig.ts";
import { runCheck } from "./run-check.ts";
import { persist, tus } from "./workers.ts";

/** What one large thing came to; `what` names the figures. */
export interface LargeRow {
  readonly struck: number;
  readonly acknowledged: number;
  readonly judged: number;
  readonly findings: readonly string[];
  readonly what: string;
}

const GiB = 2 ** 30;
const MiB = 2 ** 20;
const HOURS_3 = 10_800;
const PATIENCE_MS = 20 * 60_000;

/** Highest resident memory of whichever process the server is at the moment, in bytes. */
function watchMemory(rig: Rig): { peak(): number; stop(): void } {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, rig.server.pid === null ? 0 : (residentBytes(rig.server.pid) ?? 0));
  };
  const timer = setInterval(look, 100);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0);

/** An upload of 12 GiB (or `size`), a sparse file here and real bytes there; the server is killed once on the way. */
export async function uploadSparseFile(prepared: Prepared, random: Random, size = 12 * GiB): Promise<LargeRow> {
  const disk = statfsSync(tmpdir());
  // What is stored is encrypted and so not sparse; the server itself keeps 5 % or 2 GiB free.
  const needed = size + Math.max(2 * GiB, 0.05 * disk.blocks * disk.bsize) + GiB;
  const nothing = { struck: 0, acknowledged: 0, judged: 0, findings: [] };
  if (disk.bavail * disk.bsize < needed)
    return { ...nothing, what: `SKIPPED: the disk has less than the ${Math.ceil(needed / GiB)} GiB that it takes` };
  const folder = mkdtempSync(join(tmpdir(), "sworn-large-"));
  const rig = await setUpRig(prepared);
  const memory = watchMemory(rig);
  try {
    const path = join(folder, "sparse.mp4");
    await writeSparseMp4(prepared, folder, path, size);
    const sworn = rig.custodian();
    const source = { name: "twelve.mp4", size, type: "video/mp4", read: () => new Uint8Array() };
    const upload = await sworn.uploads.create(source);
    const started = performance.now();
    const sending = send(sworn, upload, path, 0).catch(retryable);
    const findings: string[] = [];
    const killAt = random.between(Math.floor(size * 0.3), Math.floor(size * 0.6));
    let promised = 0;
    while (promised < killAt) {
      await sleep(200);
      promised = Math.max(promised, await sworn.uploads.offset(upload));
    }
    await rig.server.kill("server");
    await sending;
    await rig.server.start();
    let offset = await persist(() => sworn.uploads.offset(upload));
    if (offset < promised) findings.push(`${promised} bytes were acknowledged, ${offset} are there`);
    const kept = offset;
    while (offset < size) {
      await send(sworn, upload, path, offset).catch(retryable);
      offset = await persist(() => sworn.uploads.offset(upload));
    }
    const receivedIn = seconds(started);
    const status = await sworn.uploads.settled(upload, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const storedIn = seconds(started);
    if (status.evidenceId === null || status.state !== "stored")
      findings.push(`the upload is ${status.state} (${status.code})`);
    else findings.push(...(await judgeSparseFile(sworn, status.evidenceId, path, size, prepared)));
    const peak = Math.round(memory.peak() / MiB);
    findings.push(...(await runCheck(rig.server)));
    const what =
      `${(size / GiB).toFixed(0)} GiB, killed at ${(kept / GiB).toFixed(1)} GiB: received in ${receivedIn} s, ` +
      `stored in ${storedIn} s, server's peak RSS ${peak} MiB`;
    return { struck: 1, acknowledged: offset, judged: 1, findings, what };
  } finally {
    memory.stop();
    await rig.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function send(sworn: Sworn, upload: string, path: string, from: number): Promise<void> {
  const body = Readable.toWeb(
    createReadStream(path, { start: from, highWaterMark: MiB }),
  ) as ReadableStream<Uint8Array>;
  const headers = { ...tus, "upload-offset": String(from), "content-type": "application/offset+octet-stream" };
  await sworn.http.call("PATCH", upload, { body, headers, timeoutMs: null });
}

function retryable(error: unknown): void {
  if (!(error instanceof SwornError && (error.retryable || error.code === "offset-conflict"))) throw error;
}

/** Picture, hours of nothing in an `mdat` of 64-bit size, and the index at the very end, as a camera writes it. */
async function writeSparseMp4(prepared: Prepared, folder: string, path: string, size: number): Promise<void> {
  const [small, copy] = [join(folder, "small.mp4"), join(folder, "copy.mp4")];
  writeFileSync(small, prepared.footage.file);
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", small, "-c", "copy", copy]);
  const bytes = readFileSync(copy);
  const mdat = bytes.indexOf("mdat") - 4;
  const moov = bytes.lastIndexOf("moov") - 4;
  // ffmpeg leaves an empty box in front of mdat for the wider size.
  if (bytes.toString("latin1", mdat - 4, mdat) !== "free") throw new Error("ffmpeg left no room for a 64-bit size");
  const [head, index] = [Buffer.from(bytes.subarray(0, moov)), bytes.subarray(moov)];
  head.writeUInt32BE(1, mdat - 8);
  head.write("mdat", mdat - 4, "latin1");
  head.writeBigUInt64BE(BigInt(size - index.length - (mdat - 8)), mdat);
  const file = await open(path, "w");
  try {
    await file.truncate(size);
    await file.write(head, 0, head.length, 0);
    // Marks where 32-bit arithmetic would lose its way.
    for (const border of [2 ** 31, 2 ** 32, 2 * 2 ** 32])
      if (border + 8 < size) await file.write(Buffer.from("borderline"), 0, 10, border - 5);
    await file.write(index, 0, index.length, size - index.length);
  } finally {
    await file.close();
  }
}

async function judgeSparseFile(
  sworn: Sworn,
  id: string,
  path: string,
  size: number,
  { footage }: Prepared,
): Promise<string[]> {
  const findings: string[] = [];
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: MiB })) hash.update(piece as Buffer);
  const item = await probed(sworn, id);
  if (item.sha256 !== hash.digest("hex")) findings.push("the stored file has another hash than what was sent");
  if (item.size !== size) findings.push(`the stored file has ${item.size} bytes`);
  const duration = item.media.facts?.durationMs ?? 0;
  const expected = footage.fragments.length * 1000;
  if (item.media.state !== "ready" || Math.abs(duration - expected) > 500)
    findings.push(`probed as ${item.media.state} (${item.media.code}), ${duration} ms`);
  if (!item.hasPoster) findings.push("it has no poster");
  const file = await open(path, "r");
  try {
    for (const at of [0, 2 ** 31 - 100, 2 ** 32 - 100, 2 * 2 ** 32 - 100, size - 200].filter((from) => from < size)) {
      const sent = Buffer.alloc(Math.min(200, size - at));
      await file.read(sent, 0, sent.length, at);
      const range = { range: `bytes=${at}-${at + sent.length - 1}` };
      const url = sworn.http.url(`/api/v1/evidence/${id}/media`);
      const answer = await sworn.http.call("GET", url, { headers: range });
      if (!Buffer.from(await answer.arrayBuffer()).equals(sent)) findings.push(`the bytes at ${at} differ`);
    }
  } finally {
    await file.close();
  }
  return findings;
}

/** The item once its facts and its poster are there, or what is said instead of them. */
async function probed(sworn: Sworn, id: string): Promise<Awaited<ReturnType<Sworn["evidence"]["get"]>>> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const item = await persist(() => sworn.evidence.get(id));
    if ((item.media.state === "ready" && item.hasPoster) || item.media.state === "refused" || Date.now() > end)
      return item;
  }
}

/** 10,800 fragments of a second each, the server killed once between them; then what `stored`, probe and check say. */
export async function recordThreeHours(prepared: Prepared, random: Random): Promise<LargeRow> {
  const folder = mkdtempSync(join(tmpdir(), "sworn-large-"));
  const rig = await setUpRig(prepared);
  const memory = watchMemory(rig);
  try {
    const { init, fragments } = makeThreeHours(folder);
    const findings: string[] = [];
    const camera = rig.camera(0);
    const id = randomUUID();
    const clock = { utc: new Date().toISOString(), source: "ntp" as const, uncertaintyMs: 50 };
    await camera.recordings.open({ id, clock });
    await camera.recordings.putInit(id, 0, init);
    const started = performance.now();
    const killAt = random.between(2000, 8000);
    for (const [n, bytes] of fragments.entries()) {
      if (n === killAt) {
        // In the middle of a request, with everything before it acknowledged.
        const cut = camera.recordings.putFragment(id, 0, n, bytes).catch(retryable);
        await rig.server.kill("everything");
        await cut;
        await rig.server.start();
        const received = (await persist(() => camera.recordings.status(id))).takes[0]?.received ?? 0;
        if (received < n) findings.push(`${n} fragments were acknowledged, ${received} are there`);
      }
      await persist(() => camera.recordings.putFragment(id, 0, n, bytes));
    }
    const sentIn = seconds(started);
    const closed = performance.now();
    await camera.recordings.close(id, { takes: [{ take: 0, fragments: fragments.length }] });
    let take = (await camera.recordings.status(id)).takes[0];
    for (const end = Date.now() + PATIENCE_MS; take?.state !== "stored" && Date.now() < end; await sleep(50))
      take = (await persist(() => camera.recordings.status(id))).takes[0];
    const storedIn = seconds(closed);
    const hash = createHash("sha256").update(init);
    for (const bytes of fragments) hash.update(bytes);
    if (take?.stored !== fragments.length) findings.push(`${take?.stored} of ${fragments.length} fragments are stored`);
    if (take?.sha256 !== hash.digest("hex")) findings.push("the stored take has another hash than what was sent");
    const probing = performance.now();
    const item = await probed(rig.custodian(), id);
    const probedIn = seconds(probing);
    const duration = item.media.facts?.durationMs ?? 0;
    if (item.media.state !== "ready" || Math.abs(duration - HOURS_3 * 1000) > 1500)
      findings.push(`probed as ${item.media.state} (${item.media.code}), ${duration} ms`);
    if (!item.hasPoster) findings.push("it has no poster");
    const peak = Math.round(memory.peak() / MiB);
    findings.push(...(await runCheck(rig.server)));
    const what =
      `${fragments.length} fragments, killed at ${killAt}: sent in ${sentIn} s, stored ${storedIn} s after its close, ` +
      `probe and poster ${probedIn} s, server's peak RSS ${peak} MiB`;
    return { struck: 1, acknowledged: fragments.length + 1, judged: 1, findings, what };
  } finally {
    memory.stop();
    await rig.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One picture a second, each a key frame: three hours in some tens of megabytes. */
function makeThreeHours(folder: string): { init: Uint8Array; fragments: Uint8Array[] } {
  const path = join(folder, "hours.mp4");
  const source = ["-f", "lavfi", "-i", `testsrc2=size=160x90:rate=1:duration=${HOURS_3}`];
  const codec = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 1".split(" ");
  const movflags = "frag_keyframe+empty_moov+default_base_moof+skip_trailer";
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...source, ...codec, "-movflags", movflags, path]);
  const splitter = createSplitter();
  const units = splitter.push(readFileSync(path));
  const init = units.find((unit) => unit.kind === "init");
  const fragments = units.flatMap((unit) => (unit.kind === "fragment" ? [unit.bytes] : []));
  if (init === undefined || fragments.length < HOURS_3 - 1) throw new Error("ffmpeg made no three hours of fragments");
  return { init: init.bytes, fragments };
}

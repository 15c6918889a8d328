import { setTimeout as sleep } from "node:timers/promises";
import { hashCustodyLeaf, parseNote, verifyInclusion } from "@sworn/core";
import type { Sworn } from "@sworn/sdk";
import { uniqueFile, uniqueFragment } from "./footage.ts";
import type { Acknowledgement } from "./ledger.ts";
import { runCheck } from "./run-check.ts";
import type { Rig } from "./rig.ts";
import { patch } from "./workers.ts";

export interface Verdict {
  /** Empty, or everything that must not be. */
  readonly findings: string[];
  readonly uploads: number;
  readonly recordings: number;
  readonly bytesCompared: number;
  readonly seconds: number;
}

interface Promised {
  readonly uploads: Map<string, { label: string; size: number; offset: number; evidenceId: string | null }>;
  readonly recordings: Map<string, { label: string; camera: number; last: number; closed: boolean }>;
}

/**
 * The oracle after a storm, over the API alone and `sworn check`: what the ledger on disk says was promised is held,
 * every byte equals what the client made, every item is in the log exactly as it stands, and the check is clean.
 */
export async function judge(rig: Rig, options: { patienceMs?: number } = {}): Promise<Verdict> {
  const started = performance.now();
  const { uploads, recordings } = gather(rig.ledger.read());
  const findings: string[] = [];
  let bytesCompared = 0;
  const deadline = Date.now() + (options.patienceMs ?? 30_000);
  const sworn = rig.custodian();
  const look = async (what: string, work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => {
      findings.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const compare = async (evidenceId: string, take: number | undefined, expected: Buffer): Promise<void> => {
    const answer = await sworn.evidence.media(evidenceId, take === undefined ? {} : { take });
    const found = Buffer.from(await answer.arrayBuffer());
    if (!found.equals(expected)) throw new Error(`${difference(found, expected)} (evidence ${evidenceId})`);
    bytesCompared += expected.length;
    await judgeHistory(sworn, evidenceId);
  };

  for (const [recording, promised] of recordings)
    await look(promised.label, async () => {
      // A recording that nobody closed is closed by what was promised of it.
      const camera = rig.camera(promised.camera);
      const before = await camera.recordings.status(recording);
      const received = before.takes[0]?.received ?? 0;
      if (received < promised.last + 1)
        throw new Error(`${promised.last + 1} fragments were acknowledged, ${received} are there`);
      if (!promised.closed) await camera.recordings.close(recording, { takes: [{ take: 0, fragments: received }] });
    });
  for (const [upload, promised] of uploads)
    await look(promised.label, async () => {
      const offset = await sworn.uploads.offset(upload);
      if (offset < promised.offset) throw new Error(`${promised.offset} bytes were acknowledged, ${offset} are there`);
      const bytes = uniqueFile(rig.footage, promised.label, promised.size);
      for (let at = offset; at < promised.size;) at = await patch(sworn, upload, at, bytes.subarray(at));
      const status = await waitFor(
        deadline,
        () => sworn.uploads.status(upload),
        (now) => now.state !== "sealing",
      );
      if (status.state !== "stored" || status.evidenceId === null)
        throw new Error(`is ${status.state}${status.code === null ? "" : ` (${status.code})`} and not stored`);
      if (promised.evidenceId !== null && promised.evidenceId !== status.evidenceId)
        throw new Error(`was stored as ${promised.evidenceId}, now as ${status.evidenceId}`);
      await compare(status.evidenceId, undefined, bytes);
    });
  for (const [recording, promised] of recordings)
    await look(promised.label, async () => {
      const status = await waitFor(
        deadline,
        () => sworn.recordings.status(recording),
        (now) => now.state !== "live" && now.takes.every((take) => take.state === "stored" || take.received === 0),
      );
      const [take] = status.takes;
      if (take === undefined || take.received === 0) return;
      if (take.stored !== take.received) throw new Error(`stored ${take.stored} of ${take.received} fragments`);
      const parts = Array.from({ length: take.received }, (_, n) => uniqueFragment(rig.footage, promised.label, n));
      await compare(recording, 0, Buffer.concat([rig.footage.init, ...parts]));
    });
  findings.push(...(await runCheck(rig.server)));
  const seconds = (performance.now() - started) / 1000;
  return { findings, uploads: uploads.size, recordings: recordings.size, bytesCompared, seconds };
}

function gather(acknowledgements: readonly Acknowledgement[]): Promised {
  const promised: Promised = { uploads: new Map(), recordings: new Map() };
  for (const entry of acknowledgements) {
    const upload = "upload" in entry ? promised.uploads.get(entry.upload) : undefined;
    const recording = "recording" in entry ? promised.recordings.get(entry.recording) : undefined;
    if (entry.kind === "upload-created")
      promised.uploads.set(entry.upload, { label: entry.label, size: entry.size, offset: 0, evidenceId: null });
    else if (entry.kind === "recording-opened")
      promised.recordings.set(entry.recording, { label: entry.label, camera: entry.camera, last: -1, closed: false });
    else if (entry.kind === "offset" && upload !== undefined) upload.offset = Math.max(upload.offset, entry.offset);
    else if (entry.kind === "upload-stored" && upload !== undefined) upload.evidenceId = entry.evidenceId;
    else if (entry.kind === "fragment" && recording !== undefined) recording.last = Math.max(recording.last, entry.n);
    else if (entry.kind === "recording-closed" && recording !== undefined) recording.closed = true;
  }
  return promised;
}

/** State equals log, seen from outside: an unbroken history, one `evidence.stored`, every entry proven in the tree. */
async function judgeHistory(sworn: Sworn, evidenceId: string): Promise<void> {
  const item = await sworn.evidence.get(evidenceId);
  if (item.state !== "stored") throw new Error(`evidence ${evidenceId} is ${item.state}`);
  const history = await waitFor(
    Date.now() + 20_000,
    () => sworn.evidence.custody(evidenceId),
    // Our own reading is logged too, and waits for a checkpoint of its own.
    (now) => now.entries.every((entry) => entry.proof !== null || readingKinds.has(entry.kind)),
  );
  const stored = history.entries.filter((entry) => entry.kind === "evidence.stored");
  if (stored.length !== 1) throw new Error(`evidence ${evidenceId} has ${stored.length} events evidence.stored`);
  if (item.sha256 !== null && stored[0]?.event?.includes(item.sha256) !== true)
    throw new Error(`the log does not name the hash of evidence ${evidenceId}`);
  history.entries.forEach((entry, i) => {
    if (entry.n !== i) throw new Error(`the history of evidence ${evidenceId} has a hole before entry ${entry.n}`);
  });
  const [, size, root] = parseNote(history.checkpoint ?? "").text.split("\n");
  for (const entry of history.entries) {
    if (entry.proof === null && readingKinds.has(entry.kind)) continue;
    verifyInclusion({
      leafHash: hashCustodyLeaf(new Uint8Array(Buffer.from(entry.commitment, "hex"))),
      index: entry.index ?? -1,
      size: Number(size),
      proof: (entry.proof ?? []).map((hash) => new Uint8Array(Buffer.from(hash, "base64"))),
      root: new Uint8Array(Buffer.from(root ?? "", "base64")),
    });
  }
}

const readingKinds = new Set(["evidence.viewed", "evidence.downloaded", "evidence.custody-read"]);

async function waitFor<T>(deadline: number, ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (done(value) || Date.now() > deadline) return value;
    await sleep(100);
  }
}

function difference(found: Buffer, expected: Buffer): string {
  if (found.length !== expected.length) return `${found.length} bytes came back, ${expected.length} were sent`;
  const at = found.findIndex((byte, i) => byte !== expected[i]);
  return `byte ${at} of ${expected.length} differs`;
}

import { createHash, randomUUID } from "node:crypto";
import { readFragment, readInit, rebaseFragment, type Fmp4Init } from "@sworn/core";
import { Sworn, SwornError } from "@sworn/sdk";
import { Capture } from "./capture.ts";

/** One encoded stretch that every camera replays, moved in time. */
export interface FleetMedia {
  readonly init: Uint8Array;
  readonly read: Fmp4Init;
  readonly fragments: readonly Uint8Array[];
  /** Length of the stretch, rounded up so that its repeats never overlap. */
  readonly loopMs: number;
}

export interface FleetOptions {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly cameras: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface FleetResult {
  readonly cameras: number;
  readonly seconds: number;
  readonly fragments: number;
  readonly megabytes: number;
  readonly ackMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number };
  /** Fragments that left later than their second: the fleet itself, or the server, did not keep up. */
  readonly late: number;
  readonly retried: number;
  /** Fragments that were never acknowledged. */
  readonly failed: number;
  /** Acknowledged fragments that the server does not have in the end. */
  readonly lost: number;
  readonly recordings: readonly string[];
}

const STRETCH_SECONDS = 8;

export async function prepareFleet(kilobits: number): Promise<FleetMedia> {
  const size = kilobits >= 1500 ? { width: 1280, height: 720 } : { width: 320, height: 180 };
  const capture = new Capture({
    source: "test",
    realtime: false,
    ...size,
    rate: 25,
    kilobits,
    seconds: STRETCH_SECONDS,
  });
  let init: Uint8Array | null = null;
  const fragments: Uint8Array[] = [];
  for await (const unit of capture.units()) {
    if (unit.kind === "init") init = unit.bytes;
    else fragments.push(pad(unit.bytes, (kilobits * 1000) / 8));
  }
  if (init === null || fragments.length === 0) throw new Error(`ffmpeg gave no picture. ${capture.complaint}`);
  const read = readInit(init);
  const last = readFragment(fragments.at(-1) ?? new Uint8Array(), read);
  return { init, read, fragments, loopMs: last.startMs + last.durationMs };
}

/** A test picture encodes smaller than a street: mdat is filled up with bytes that no sample names, to the wanted rate. */
function pad(fragment: Uint8Array, bytes: number): Uint8Array {
  const missing = Math.floor(bytes) - fragment.length;
  if (missing <= 0) return fragment;
  const padded = Buffer.alloc(fragment.length + missing, fragment);
  padded.fill(0x5a, fragment.length);
  const mdat = Buffer.from(fragment).lastIndexOf("mdat", undefined, "latin1") - 4;
  padded.writeUInt32BE(padded.readUInt32BE(mdat) + missing, mdat);
  return padded;
}

export async function runFleet(media: FleetMedia, options: FleetOptions): Promise<FleetResult> {
  const acks: number[] = [];
  const count = { bytes: 0, late: 0, retried: 0, failed: 0, lost: 0 };
  const recordings: string[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    const recent = acks.slice(-options.cameras * 10);
    options.say(
      `${Math.round((performance.now() - began) / 1000)} s: ${acks.length} received, p99 ${quantile(recent, 0.99)} ms`,
    );
  }, 10_000);

  async function camera(index: number): Promise<void> {
    const token = options.tokens[index % options.tokens.length] ?? "";
    const sworn = new Sworn({ url: options.url, token });
    const id = randomUUID();
    const clock = { utc: new Date().toISOString(), source: "camera-clock" as const, uncertaintyMs: null };
    // Spread over the second, as a real fleet is.
    const start = began + (index * 1000) / options.cameras;
    await sleepUntil(start);
    await again(() => sworn.recordings.open({ id, clock, title: `Simulated camera ${index + 1}` }));
    await again(() => sworn.recordings.putInit(id, 0, media.init));
    recordings.push(id);
    let n = 0;
    for (; n < options.seconds && !options.signal.aborted; n++) {
      await sleepUntil(start + (n + 1) * 1000);
      const original = media.fragments[n % media.fragments.length] ?? new Uint8Array();
      const shiftMs = Math.floor(n / media.fragments.length) * media.loopMs;
      const bytes = rebaseFragment(original, media.read, { shiftMs, sequence: n + 1 });
      const sha256 = createHash("sha256").update(bytes).digest();
      const sent = performance.now();
      if (sent - (start + (n + 1) * 1000) > 1000) count.late += 1;
      const number = n;
      const kept = await again(() => sworn.recordings.putFragment(id, 0, number, bytes, { sha256 }));
      if (!kept) {
        count.failed += 1;
        break;
      }
      acks.push(performance.now() - sent);
      count.bytes += bytes.length;
    }
    await again(() => sworn.recordings.close(id, { reason: "source-ended", takes: [{ take: 0, fragments: n }] }));
    const status = await sworn.recordings.status(id).catch(() => null);
    count.lost += Math.max(0, n - (status?.takes[0]?.received ?? 0));
  }

  /** Tries for a minute; false when it never succeeded. */
  async function again(work: () => Promise<unknown>): Promise<boolean> {
    for (const until = performance.now() + 60_000; ; count.retried += 1) {
      try {
        await work();
        return true;
      } catch (error) {
        if (!(error instanceof SwornError)) throw error;
        if (!error.retryable || performance.now() > until) {
          options.say(`${error.code}: ${error.message}`);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 800));
      }
    }
  }

  await Promise.all(Array.from({ length: options.cameras }, (_, index) => camera(index)));
  clearInterval(timer);
  return {
    cameras: options.cameras,
    seconds: Math.round((performance.now() - began) / 100) / 10,
    fragments: acks.length,
    megabytes: Math.round(count.bytes / 1e5) / 10,
    ackMs: { p50: quantile(acks, 0.5), p95: quantile(acks, 0.95), p99: quantile(acks, 0.99), max: quantile(acks, 1) },
    late: count.late,
    retried: count.retried,
    failed: count.failed,
    lost: count.lost,
    recordings,
  };
}

/** One decimal; 0 for nothing. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
}

async function sleepUntil(at: number): Promise<void> {
  const wait = at - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
}

import type { Sworn } from "@sworn/sdk";
import { setTimeout as sleep } from "node:timers/promises";
import { judgeHistory } from "./judge-history.ts";
import { gatherPromises, type RecordingPromise, type UploadPromise } from "./ledger.ts";
import { uniqueFile, uniqueFragment } from "./footage.ts";
import type { Rig } from "./rig.ts";
import { runCheck } from "./run-check.ts";
import { patch } from "./workers.ts";

export interface Verdict {
  /** Empty, or everything that must not be. */
  readonly findings: string[];
  readonly uploads: number;
  readonly recordings: number;
  readonly bytesCompared: number;
  readonly seconds: number;
}
export interface JudgeOptions {
  /** How long sealing may take; a job whose worker was killed is taken up again after half a minute. */
  readonly patienceMs?: number;
  /** One finding is enough: what is not stored yet is then judged last. For controls. */
  readonly untilFirst?: boolean;
}

/**
 * The oracle after a storm, over the API and `sworn check` alone: what the ledger on disk says was promised is held,
 * every byte equals what the client made, every item is in the log exactly as it stands, and the check is clean.
 */
export async function judge(rig: Rig, options: JudgeOptions = {}): Promise<Verdict> {
  const started = performance.now();
  const { uploads, recordings } = gatherPromises(rig.ledger.read());
  const court = new Court(rig, Date.now() + (options.patienceMs ?? 60_000));
  const cases = [
    ...[...recordings].map(([id, promise]) => ({ label: promise.label, steps: court.recording(id, promise) })),
    ...[...uploads].map(([path, promise]) => ({ label: promise.label, steps: court.upload(path, promise) })),
  ];
  const findings: string[] = [];
  // First what is promised already, of all; then what must become of it, which takes time.
  for (const step of [0, 1, 2] as const)
    for (const { label, steps } of cases) {
      if (options.untilFirst === true && findings.length > 0) break;
      await steps[step]().catch((error: unknown) => {
        findings.push(`${label}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  if (options.untilFirst !== true || findings.length === 0) findings.push(...(await runCheck(rig.server)));
  const seconds = (performance.now() - started) / 1000;
  const { bytesCompared } = court;
  return { findings, uploads: uploads.size, recordings: recordings.size, bytesCompared, seconds };
}

/** What was acknowledged is there · what is stored is right · what is not stored yet becomes so. Each throws a finding. */
type Steps = readonly [() => Promise<void>, () => Promise<void>, () => Promise<void>];

class Court {
  readonly #rig: Rig;
  readonly #deadline: number;
  readonly #sworn: Sworn;
  readonly #done = new Set<string>();
  bytesCompared = 0;
  constructor(rig: Rig, deadline: number) {
    this.#rig = rig;
    this.#deadline = deadline;
    this.#sworn = rig.custodian();
  }

  recording(id: string, promise: RecordingPromise): Steps {
    const camera = this.#rig.camera(promise.camera).recordings;
    const fragment = (n: number): Buffer => uniqueFragment(this.#rig.footage, promise.label, n);
    const settle = async (): Promise<void> => {
      const status = await camera.status(id);
      const [take] = status.takes;
      if (take === undefined || take.received === 0) return void this.#done.add(id);
      if (take.state !== "stored") return;
      if (take.stored !== take.received) throw new Error(`stored ${take.stored} of ${take.received} fragments`);
      const parts = Array.from({ length: take.received }, (_, n) => fragment(n));
      await this.#compare(id, 0, Buffer.concat([this.#rig.footage.init, ...parts]));
      this.#done.add(id);
    };
    return [
      async () => {
        const received = (await camera.status(id)).takes[0]?.received ?? 0;
        if (received < promise.fragments)
          throw new Error(`${promise.fragments} fragments were acknowledged, ${received} are there`);
        // From the spool or from the span, whichever holds it now.
        for (let n = 0; n < promise.fragments; n++) {
          const path = `/api/v1/recordings/${id}/takes/0/fragments/${n}`;
          const answer = await this.#sworn.http.call("GET", this.#sworn.http.url(path)).catch((cause: unknown) => {
            throw new Error(`acknowledged fragment ${n} cannot be read: ${String(cause)}`, { cause });
          });
          assertSame(Buffer.from(await answer.arrayBuffer()), fragment(n), `acknowledged fragment ${n}`);
        }
        // A recording that nobody closed ends with what is there of it.
        if (!promise.closed) await camera.close(id, { takes: [{ take: 0, fragments: received }] });
      },
      settle,
      () => this.#until(id, settle),
    ];
  }

  /** `path`: of the upload, wherever the storm's clients reached it. */
  upload(path: string, promise: UploadPromise): Steps {
    const url = this.#sworn.http.url(path);
    const bytes = (): Buffer => uniqueFile(this.#rig.footage, promise.label, promise.size);
    const settle = async (): Promise<void> => {
      const { state, code, evidenceId } = await this.#sworn.uploads.status(url);
      if (state === "sealing") return;
      if (state !== "stored" || evidenceId === null) throw new Error(`is ${state} (${code}) and not stored`);
      if (promise.evidenceId !== null && promise.evidenceId !== evidenceId)
        throw new Error(`was stored as ${promise.evidenceId}, now as ${evidenceId}`);
      await this.#compare(evidenceId, undefined, bytes());
      this.#done.add(url);
    };
    return [
      async () => {
        const status = await this.#sworn.uploads.status(url);
        if (status.state === "refused" || status.state === "incomplete")
          throw new Error(`is ${status.state} (${status.code}) and not stored`);
        const offset = await this.#sworn.uploads.offset(url);
        if (offset < promise.offset) throw new Error(`${promise.offset} bytes were acknowledged, ${offset} are there`);
        // One that was cut off is sent to its end: what was acknowledged of it is then compared with the rest.
        for (let at = offset; at < promise.size;) at = await patch(this.#sworn, url, at, bytes().subarray(at));
      },
      settle,
      () => this.#until(url, settle),
    ];
  }

  async #until(name: string, settle: () => Promise<void>): Promise<void> {
    while (!this.#done.has(name)) {
      if (Date.now() > this.#deadline) throw new Error("was received and is not stored yet");
      await sleep(100);
      await settle();
    }
  }

  async #compare(evidenceId: string, take: number | undefined, expected: Buffer): Promise<void> {
    const answer = await this.#sworn.evidence.media(evidenceId, take === undefined ? {} : { take });
    assertSame(Buffer.from(await answer.arrayBuffer()), expected, `evidence ${evidenceId}`);
    this.bytesCompared += expected.length;
    await judgeHistory(this.#sworn, evidenceId);
  }
}

function assertSame(found: Buffer, expected: Buffer, what: string): void {
  if (found.equals(expected)) return;
  if (found.length !== expected.length)
    throw new Error(`${what}: ${found.length} bytes came back, ${expected.length} were sent`);
  throw new Error(`${what}: byte ${found.findIndex((byte, i) => byte !== expected[i])} of ${expected.length} differs`);
}

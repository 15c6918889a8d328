import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "./random.ts";
import type { Rig } from "./rig.ts";
import type { KillKind } from "./server-process.ts";
import { recordTakes, uploadFiles, type Work } from "./workers.ts";

export interface StormOptions {
  readonly seed: number;
  readonly kills: number;
  readonly kinds: readonly KillKind[];
  readonly uploaders?: number;
  /** How long after "ready" the next kill may come, in ms. */
  readonly gapMs?: readonly [number, number];
  /** Goes on at least so long, however few kills there are. */
  readonly minMs?: number;
  /** No kill after this moment (Date.now). */
  readonly endsAt?: number;
  /** The next kill waits until the server is whole again: what one kill costs, not what two in a row do. */
  readonly oneAtATime?: boolean;
  /** The server may end because of something that the storm did not do; it is then started again. */
  readonly mayEnd?: boolean;
  /** A first violation ends it: enough for a control. */
  readonly untilFirst?: boolean;
  /** Through something between the clients and the server. */
  readonly url?: string;
}
export interface StormReport {
  readonly kills: Record<string, number>;
  readonly acknowledged: number;
  /** Times the server ended by itself, or went on without its database for a moment. */
  readonly endedItself: number;
  readonly violations: string[];
  readonly seconds: number;
}

/** Uploads and recordings at once while the server is killed at random moments; ends with the server running. */
export async function storm(rig: Rig, options: StormOptions): Promise<StormReport> {
  const random = createRandom(options.seed);
  const started = performance.now();
  const before = rig.ledger.count;
  let ending = false;
  const violations: string[] = [];
  const work: Work = { ledger: rig.ledger, footage: rig.footage, violations, ending: () => ending };
  const uploaders = Array.from({ length: options.uploaders ?? 2 }, (_, i) =>
    uploadFiles(work, rig.custodian(options.url), random.fork(`upload ${i}`)),
  );
  const cameras = rig.cameraTokens.map((_, i) =>
    recordTakes(work, rig.camera(i, options.url), i, random.fork(`camera ${i}`)),
  );
  const clients = Promise.all([...uploaders, ...cameras]);
  clients.catch(() => undefined); // looked at below; a client that throws must not end the process before that
  const kills: Record<string, number> = {};
  let endedItself = 0;
  const [least, most] = options.gapMs ?? [0, 600];
  for (let i = 0; i < options.kills; i++) {
    if (options.untilFirst === true && violations.length > 0) break;
    if (options.endsAt !== undefined && Date.now() > options.endsAt) break;
    await sleep(random.between(least, most));
    const kind = random.pick(options.kinds);
    await rig.server.kill(kind, (pids) => (pids.length === 0 ? undefined : random.pick(pids)));
    kills[kind] = (kills[kind] ?? 0) + 1;
    // Without its postmaster the server says so and ends; without one backend it goes on.
    if (kind === "postmaster" && (await rig.server.ended(30_000))) endedItself += 1;
    if (!rig.server.running) await rig.server.start();
    if (options.oneAtATime === true) await whole(rig.server.url);
  }
  const revive = async (): Promise<void> => {
    if (options.mayEnd !== true || rig.server.running) return;
    endedItself += 1;
    // On a full disk it cannot start either; whoever filled it makes room again.
    await rig.server.start().catch(() => sleep(500));
  };
  for (const end = started + (options.minMs ?? 0); performance.now() < end; await sleep(50)) await revive();
  ending = true;
  const finished = clients.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([finished, sleep(50, false)]))) await revive();
  await clients;
  const seconds = (performance.now() - started) / 1000;
  return { kills, acknowledged: rig.ledger.count - before, endedItself, violations, seconds };
}

/** Until the server says that it can work, its database included. */
async function whole(url: string, patienceMs = 60_000): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(50)) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
  }
}

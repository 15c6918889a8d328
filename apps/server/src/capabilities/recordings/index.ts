import type { Clock } from "../../ports/clock.ts";
import type { Route } from "../../ports/http.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Log } from "../../ports/log.ts";
import type { Spool } from "../../ports/spool.ts";
import { type BucketSize, TokenBuckets } from "../../ports/token-buckets.ts";
import type { AppendDeps } from "../custody/index.ts";
import type { AdmitDeps } from "../intake/index.ts";
import { ReceivedCommitter } from "./commit-received.ts";
import { BodyBudget } from "./read-body.ts";
import { recordingRoutes } from "./routes.ts";
import { Keeper, type KeeperOptions } from "./run-keeper.ts";
import { spoolKey } from "./seal-fragment.ts";
import { type SealDeps, sealTake } from "./seal-take.ts";
import { TakeRegister } from "./take-register.ts";

export { openFragment, spoolKey } from "./seal-fragment.ts";
export { sealTake, type SealDeps } from "./seal-take.ts";
export { eachFragment } from "./store.ts";

export interface RecordingsDeps extends AdmitDeps {
  readonly custody: AppendDeps;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly spool: Spool;
}

export interface RecordingsOptions extends KeeperOptions {
  /** Bytes of fragments in memory at once, over all cameras. */
  readonly bodyBudget: number;
  /** Recordings and takes that one camera may begin. */
  readonly beginnings: BucketSize;
  readonly minBytesPerSecond: number;
  readonly graceMs: number;
}

export const recordingsDefaults: RecordingsOptions = {
  rollAfterMs: 58_000,
  silentMs: 90_000,
  lookEveryMs: 2_000,
  rotateAfterMs: 300_000,
  bodyBudget: 512 * 1024 * 1024,
  // Weeks of a shift's recordings at once, and after that one each five seconds: no camera records so much.
  beginnings: { burst: 1000, perSecond: 1 / 5 },
  minBytesPerSecond: 16 * 1024,
  graceMs: 10_000,
};

export interface Recordings {
  readonly routes: Route[];
  /** Begins to roll, sweep and release; adopts what an earlier process left in the spool. */
  start(): void;
  /** One round of the above, for tests. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** The recordings of one node: its routes and what runs beside them. The spool is this node's own. */
export function makeRecordings(deps: RecordingsDeps, given: Partial<RecordingsOptions> = {}): Recordings {
  const options = { ...recordingsDefaults, ...given };
  const { database, clock, spool, evidenceKeys, diskReserve } = deps;
  const spoolKeyOf = async (agencyId: string, recordingId: string): Promise<Uint8Array> =>
    spoolKey(await database.forAgency(agencyId, (tx) => evidenceKeys.open(tx, recordingId)), recordingId);
  const register = new TakeRegister({ database, node: spool.node, spoolKeyOf, now: () => clock.monotonic() });
  const committer = new ReceivedCommitter(database, clock);
  const keeper = new Keeper({ ...deps, spoolKeyOf, register, committer, frontiers: new Map() }, options);
  const routes = recordingRoutes({
    ...deps,
    spoolKeyOf,
    register,
    committer,
    beginnings: new TokenBuckets(options.beginnings, clock),
    assertRoom: () => diskReserve.assertRoom(),
    budget: new BodyBudget(options.bodyBudget),
    bodyLimits: { minBytesPerSecond: options.minBytesPerSecond, graceMs: options.graceMs },
    wakeKeeper: () => keeper.wake(),
  });
  return { routes, start: () => keeper.start(), look: () => keeper.look(), stop: () => keeper.stop() };
}

/** Works the `seal-take` jobs; any process with the object store may. */
export async function workSealing(deps: SealDeps): Promise<void> {
  await deps.jobs.work("seal-take", (job, signal) => sealTake(deps, job, signal), { concurrency: 2 });
}

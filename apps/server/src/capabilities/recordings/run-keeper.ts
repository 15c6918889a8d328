import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { SPAN_BYTES } from "../intake/index.ts";
import type { ReceivedCommitter } from "./commit-received.ts";
import { findSpooled, releaseSpool } from "./keep-spool.ts";
import { rollTake, type RollDeps } from "./roll-take.ts";
import { FRAGMENT_BYTES, isDue } from "./rules.ts";
import { type SweepDeps, sweepSilent } from "./sweep-silent.ts";
import type { TakeRegister } from "./take-register.ts";

export interface KeeperDeps extends RollDeps, SweepDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly committer: ReceivedCommitter;
  readonly register: TakeRegister;
}

export interface KeeperOptions {
  /** A fragment is stored at most this long (plus one look) after it was received. */
  readonly rollAfterMs: number;
  /** A recording without a byte for this long is closed as interrupted. */
  readonly silentMs: number;
  readonly lookEveryMs: number;
  readonly rotateAfterMs: number;
}

/** Every span being rolled passes through memory in pieces of a fragment; two at a time keep a disk busy. */
const ROLLS_AT_ONCE = 2;
const RETRY_AFTER_MS = 10_000;

/**
 * What runs beside the requests on every node with a spool: rolls what is due, closes what is silent, releases what
 * nobody needs. It keeps no state of its own: after a crash its first look finds everything by the rows.
 */
export class Keeper {
  readonly #deps: KeeperDeps;
  readonly #options: KeeperOptions;
  readonly #failedAt = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #rotatedAt: number;

  constructor(deps: KeeperDeps, options: KeeperOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#rotatedAt = deps.clock.monotonic();
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.#options.lookEveryMs);
    this.wake();
  }

  /** Looks now, or once more right after the look that is under way. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking !== null) {
      this.#again = true;
      return;
    }
    this.#looking = this.look()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, "the spool keeper failed; it tries again"))
      .finally(() => {
        this.#looking = null;
        if (this.#again) {
          this.#again = false;
          this.wake();
        }
      });
  }

  /** One round; public so that tests decide when. */
  async look(): Promise<void> {
    const { deps, options } = { deps: this.#deps, options: this.#options };
    for (const id of await sweepSilent(deps, options.silentMs)) deps.register.dropRecording(id);
    const now = deps.clock.now();
    const due = (await findSpooled(deps.database, deps.spool.node)).filter((take) =>
      isDue({ ...take, oldestAt: take.oldestAt.getTime() }, now, options.rollAfterMs),
    );
    const rest = due.filter(
      (take) => (this.#failedAt.get(take.takeId) ?? -Infinity) < deps.clock.monotonic() - RETRY_AFTER_MS,
    );
    const work = async (): Promise<void> => {
      for (let take = rest.shift(); take !== undefined && !this.#stopped; take = rest.shift())
        await this.#roll(take.agencyId, take.takeId, take.state !== "open");
    };
    await Promise.all(Array.from({ length: ROLLS_AT_ONCE }, work));
    if (deps.clock.monotonic() - this.#rotatedAt > options.rotateAfterMs) {
      this.#rotatedAt = deps.clock.monotonic();
      await deps.spool.rotate();
    }
    await releaseSpool(deps.database, deps.spool, () => deps.committer.segmentsInFlight());
    deps.register.dropIdle();
  }

  async #roll(agencyId: string, takeId: string, toTheEnd: boolean): Promise<void> {
    try {
      // An ended take is rolled to its last fragment at once; an open one only while whole spans can be cut.
      for (;;) {
        const rolled = await rollTake(this.#deps, agencyId, takeId);
        const more = toTheEnd ? rolled > 0 : rolled >= SPAN_BYTES - FRAGMENT_BYTES;
        if (!more || this.#stopped) break;
      }
      if (toTheEnd) this.#deps.frontiers.delete(takeId);
      this.#failedAt.delete(takeId);
    } catch (error) {
      // The fragments stay in the spool and in the camera; the operator sees it, and it is tried again.
      this.#failedAt.set(takeId, this.#deps.clock.monotonic());
      this.#deps.log.error({ err: error, take: takeId }, "a take could not be rolled into the object store");
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }
}

import type { Log } from "../../ports/log.ts";
import { append, type AppendDeps } from "./append.ts";
import { LogError } from "./log-error.ts";
import { comparePublicCopy, publish, type PublishDeps, repairPublicCopy } from "./publish.ts";
import { LOG_AGENCY, LOG_SUBJECT } from "./rules.ts";
import { sequence, type SequenceDeps } from "./sequence.ts";
import { readLastCheckpoint } from "./tree-store.ts";

export interface SequencerDeps extends SequenceDeps, PublishDeps, AppendDeps {
  readonly log: Log;
}

export interface RunningSequencer {
  /** Work is waiting: do not sit out the pause. */
  kick(): void;
  /** Takes and publishes all that waits now. */
  drain(): Promise<void>;
  /** What stopped it, until a person has looked; null while it runs. */
  failure(): LogError | null;
  stop(): Promise<void>;
}

const EVERY_MS = 1000;
const HEARTBEAT_MS = 60 * 60 * 1000;
/** Turns between two looks at what seldom changes. */
const HEARTBEAT_TURNS = 20;
const PUBLISH_TURNS = 30;

/**
 * Starts the loop: a checkpoint about every second while there is work, hourly otherwise over a heartbeat
 * leaf. First compares the public copy with the database. Any number of processes may run it.
 */
export function startSequencer(deps: SequencerDeps, everyMs: number = EVERY_MS): RunningSequencer {
  const stopping = new AbortController();
  const { signal } = stopping;
  let failure: LogError | null = null;
  let compared = false;
  let repairing: Promise<void> | undefined;
  let turns = 0;
  let wake = (): void => undefined;
  let turn: Promise<void> = Promise.resolve();

  /** Turns never overlap: a drain waits for the loop's turn and the loop for the drain's. */
  const next = (): Promise<void> => {
    turn = turn.then(() => once());
    return turn;
  };
  const once = async (): Promise<void> => {
    if (failure !== null) return;
    try {
      // Before signing anything: a database that was rolled back behind its public copy must not go on.
      if (!compared) await comparePublicCopy(deps);
      compared = true;
      if (turns % HEARTBEAT_TURNS === 0) await beat(deps);
      let taken = 0;
      while (!signal.aborted) {
        const result = await sequence(deps);
        if (result === "busy") break;
        taken += result.taken;
        if (!result.more) break;
      }
      // Now and then also without work: another process may have signed and died before it published.
      if (taken > 0 || turns % PUBLISH_TURNS === 0) await publish(deps);
      turns += 1;
      repairing ??= repair();
    } catch (error) {
      if (error instanceof LogError) {
        failure = error;
        deps.log.error({ code: error.code, error: error.message }, "the custody log is stopped: run sworn check");
      } else {
        deps.log.warn({ error: error instanceof Error ? error.message : String(error) }, "the custody log waits");
      }
    }
  };
  /** Once, beside the turns: with millions of entries it takes minutes, and nobody's event waits for it. */
  const repair = async (): Promise<void> => {
    try {
      const repaired = await repairPublicCopy(deps, signal);
      if (repaired > 0)
        deps.log.warn({ repaired }, "files of the log's public copy were missing or altered; written anew");
    } catch (error) {
      deps.log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        "the public copy was not compared",
      );
    }
  };
  const loop = (async () => {
    while (!signal.aborted) {
      await next();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wake();
      });
    }
  })();
  return {
    kick: () => wake(),
    drain: next,
    failure: () => failure,
    async stop() {
      stopping.abort();
      wake();
      await loop;
      await turn;
      await repairing;
    },
  };
}

/** A checkpoint of the same size would carry no time: an idle log gets a leaf, so that its silence is a signal. */
async function beat(deps: SequencerDeps): Promise<void> {
  const idle = await deps.database.withoutAgency(async (tx) => {
    const last = await readLastCheckpoint(tx);
    if (last === null || deps.clock.now() - last.at.getTime() < HEARTBEAT_MS) return false;
    return (await tx.selectFrom("custody.pending").select("id").limit(1).executeTakeFirst()) === undefined;
  });
  if (!idle) return;
  await deps.database.forAgency(LOG_AGENCY, (tx) =>
    append(tx, deps, LOG_AGENCY, { kind: "log.heartbeat", subject: LOG_SUBJECT, actorId: null }),
  );
}

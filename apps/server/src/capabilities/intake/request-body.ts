import type { IncomingMessage } from "node:http";
import type { Clock } from "../../ports/clock.ts";

export interface BodyLimits {
  /** Milliseconds without a byte, while we wait for one, until the body is ended. */
  readonly silentMs: number;
  /** The rate is judged over this much waiting. */
  readonly windowMs: number;
  readonly minBytesPerSecond: number;
}
export const defaultBodyLimits: BodyLimits = { silentMs: 20_000, windowMs: 30_000, minBytesPerSecond: 16 * 1024 };

/** How a body ended; `whole` alone means that the sender had nothing more to say. */
export type BodyEnd = "whole" | "broken" | "silent" | "slow" | "taken-over";

export interface RequestBody {
  /** The bytes that arrived, in the socket's own pieces. Ends quietly however the body ends: what came is kept. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How it ended; null while it runs. */
  end(): BodyEnd | null;
  /** Milliseconds that we have been waiting for a byte; 0 while we are the slower ones. */
  silentFor(): number;
  stop(why: BodyEnd): void;
}

const HIGH = 4 << 20;
const LOW = 1 << 20;

/** Reads a request's body with a minimum rate. Time in which we do not read (a slow disk) is never held against it. */
export function readRequestBody(raw: IncomingMessage, clock: Clock, limits: BodyLimits): RequestBody {
  let queue: Buffer[] = [];
  let queued = 0;
  let ended: BodyEnd | null = null;
  let wake: (() => void) | null = null;
  let waitingSince: number | null = null;
  let windowWaited = 0;
  let windowBytes = 0;

  function signal(): void {
    wake?.();
    wake = null;
  }
  function finish(why: BodyEnd): void {
    if (ended !== null) return;
    ended = why;
    clearInterval(watch);
    raw.pause();
    signal();
  }
  function endWait(): void {
    if (waitingSince === null) return;
    windowWaited += clock.monotonic() - waitingSince;
    waitingSince = null;
  }
  function judge(): void {
    if (waitingSince === null) return;
    const waiting = clock.monotonic() - waitingSince;
    if (waiting >= limits.silentMs) return finish("silent");
    const waited = windowWaited + waiting;
    if (waited < limits.windowMs) return;
    if (windowBytes < (limits.minBytesPerSecond * waited) / 1000) return finish("slow");
    windowWaited = -waiting; // this wait began in the window that was just judged
    windowBytes = 0;
  }
  const watch = setInterval(judge, Math.max(10, Math.min(1000, limits.silentMs / 4)));
  watch.unref();

  raw.on("data", (piece: Buffer) => {
    if (ended !== null) return;
    windowBytes += piece.length;
    endWait();
    queue.push(piece);
    queued += piece.length;
    if (queued >= HIGH) raw.pause();
    signal();
  });
  raw.once("end", () => finish("whole"));
  raw.once("error", () => finish("broken"));
  raw.once("close", () => finish(raw.complete ? "whole" : "broken"));

  async function* bytes(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        const ready = queue;
        if (ready.length === 0) {
          if (ended !== null) return;
          waitingSince = clock.monotonic();
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        queue = [];
        for (const piece of ready) {
          queued -= piece.length;
          yield piece;
        }
        if (queued < LOW && ended === null) raw.resume();
      }
    } finally {
      finish("broken"); // whoever reads gave up: nothing more is taken
    }
  }
  return {
    bytes: bytes(),
    end: () => ended,
    silentFor: () => (waitingSince === null ? 0 : clock.monotonic() - waitingSince),
    stop: finish,
  };
}

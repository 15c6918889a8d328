import { Worker } from "node:worker_threads";
import { type ReadRange, walkTopBoxes } from "@sworn/core";
import { MediaError } from "../../ports/media.ts";
import type { FromThread, ToThread } from "./gpmf-messages.ts";
import type { TrackFacts } from "./rules.ts";

const MiB = 1024 * 1024;
const MAX_INDEX = 64 * MiB;
// A file whose parts come one by one (fMP4) has its index spread out; no camera that we know puts GPMF into one.
const MAX_BOXES = 64;

export interface ThreadLimits {
  /** For each answer of the thread; a million positions take two seconds. */
  readonly answerMs: number;
  /** The thread's heap; a million positions take some 600 MiB. The bytes it is given (at most 192 MiB) lie beside it. */
  readonly heapMiB: number;
}
export const threadLimits: ThreadLimits = { answerMs: 30_000, heapMiB: 1024 };

/** The positions of one file; `lines` can be read while `use` runs. */
export interface FoundTrack {
  readonly facts: TrackFacts;
  readonly refused: Readonly<Record<string, number>>;
  /** What the camera calls itself, as it says it. */
  readonly device: string | null;
  /** The track file: JSON Lines. */
  readonly lines: AsyncIterable<Uint8Array>;
}

/**
 * Finds and reads the positions of an MP4 or MOV on a thread of its own that ends with it, however it ends: `timed-out`
 * and `crashed` (MediaError, may be tried again). `none`: there is nothing to read, which will not change.
 */
export async function withTrack<T>(
  source: { readonly read: ReadRange; readonly size: number },
  signal: AbortSignal,
  limits: ThreadLimits,
  use: (track: FoundTrack) => Promise<T>,
): Promise<{ done: T } | { none: string }> {
  const { read, size } = source;
  const { boxes } = await walkTopBoxes(read, size, MAX_BOXES);
  const index = boxes.find((box) => box.type === "moov");
  if (index === undefined || index.end > size) return { none: "no index" };
  if (index.end - index.start > MAX_INDEX) return { none: "index too large" };
  const thread = startThread(signal, limits);
  try {
    const found = await thread.ask({ kind: "index", moov: await read(index.start, index.end) });
    if (found.kind === "none") return { none: found.why };
    const samples = found.kind === "samples" ? found.samples : new Float64Array();
    for (let at = 0; at < samples.length; at += 4) {
      const [offset = 0, length = 0, startMs = 0, durationMs = 0] = samples.subarray(at, at + 4);
      // A table that points beyond the file: the rest of the file was cut off. What is there is read.
      if (offset + length > size) continue;
      await thread.ask({ kind: "payload", bytes: await read(offset, offset + length), startMs, durationMs });
    }
    const track = await thread.ask({ kind: "read" });
    if (track.kind !== "track") throw new MediaError("crashed", "The reader of positions gave no answer.");
    return { done: await use({ ...track, lines: linesFrom(thread) }) };
  } finally {
    await thread.end();
  }
}

interface Thread {
  ask(message: ToThread): Promise<FromThread>;
  end(): Promise<void>;
}

function startThread(signal: AbortSignal, limits: ThreadLimits): Thread {
  const worker = new Worker(new URL("./gpmf-thread.ts", import.meta.url), {
    name: "sworn positions",
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMiB, maxYoungGenerationSizeMb: 64 },
  });
  worker.unref();
  let waiting: { resolve: (answer: FromThread) => void; reject: (error: unknown) => void } | null = null;
  let failure: { error: unknown } | null = null;
  const fail = (error: unknown): void => {
    failure ??= { error };
    waiting?.reject(failure.error);
    waiting = null;
  };
  const crashed = (cause?: unknown): void =>
    fail(new MediaError("crashed", "Reading the positions needed too much memory or broke off.", cause));
  worker.on("message", (answer: FromThread) => {
    waiting?.resolve(answer);
    waiting = null;
  });
  worker.on("error", crashed);
  worker.on("exit", () => crashed());
  const aborted = (): void => fail(signal.reason);
  signal.addEventListener("abort", aborted);
  return {
    async ask(message) {
      signal.throwIfAborted();
      if (failure !== null) throw failure.error;
      const slow = (): void => fail(new MediaError("timed-out", "Reading the positions took too long."));
      const timer = setTimeout(slow, limits.answerMs);
      try {
        return await new Promise((resolve, reject) => {
          waiting = { resolve, reject };
          worker.postMessage(message, []);
        });
      } finally {
        clearTimeout(timer);
      }
    },
    async end() {
      signal.removeEventListener("abort", aborted);
      await worker.terminate();
    },
  };
}

async function* linesFrom(thread: Thread): AsyncIterable<Uint8Array> {
  for (;;) {
    const answer = await thread.ask({ kind: "more" });
    if (answer.kind !== "lines" || answer.bytes === null) return;
    yield answer.bytes;
  }
}

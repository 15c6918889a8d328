import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { Problem } from "@sworn/contract";
import { type FromThread, STEP, type ToThread } from "./seal-messages.ts";
import type { PlainFacts, SealStream } from "./seal-stream.ts";

export interface SealThreads {
  readonly sealStream: SealStream;
  stop(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly streams: Map<number, (message: FromThread | Error) => void>;
  /** Plain buffers that came back, to be filled again. */
  readonly spare: ArrayBuffer[];
}

/** Steps of one span on their way through a thread: enough that socket, cipher and disk work at the same time. */
const DEPTH = 3;
const MAX_SPARE = 16;

/** Seals in threads beside the event loop: one fewer than there are cores, at least one. They end with the process. */
export function startSealThreads(
  count = Math.min(4, Math.max(1, availableParallelism() - 1)),
  onStart: (worker: Worker) => void = () => undefined,
): SealThreads {
  const threads: Thread[] = [];
  let lastId = 0;
  let stopped = false;
  for (let place = 0; place < count; place++) start(place);

  function start(place: number): void {
    const worker = new Worker(new URL("./seal-thread.ts", import.meta.url), { name: "sworn sealing" });
    worker.unref();
    const streams: Thread["streams"] = new Map();
    worker.on("message", (message: FromThread) => streams.get(message.id)?.(message));
    // A thread that dies takes its spans with it: each is refused, nothing of them is acknowledged.
    const fail = (): void => {
      for (const tell of streams.values())
        tell(new Problem("busy", "Sealing was interrupted. Send these bytes again."));
    };
    worker.on("error", fail);
    worker.on("exit", () => {
      fail();
      if (!stopped) start(place);
    });
    threads[place] = { worker, streams, spare: [] };
    onStart(worker);
  }
  return {
    sealStream(bytes, options) {
      const thread = threads.reduce((a, b) => (b.streams.size < a.streams.size ? b : a));
      return streamThrough(thread, (lastId += 1), bytes, options);
    },
    async stop() {
      stopped = true;
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** How far one span has come, as both of its ends see it. */
interface Progress {
  readonly ready: ArrayBuffer[];
  inThread: number;
  facts: PlainFacts | null;
  failure: { readonly error: unknown } | null;
  /** Whoever reads has ended or given up. */
  over: boolean;
}

function streamThrough(
  thread: Thread,
  id: number,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { key: Uint8Array; context: Uint8Array },
): ReturnType<SealStream> {
  const at: Progress = { ready: [], inThread: 0, facts: null, failure: null, over: false };
  const waiting: (() => void)[] = [];
  const changed = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const send = (message: ToThread, transfer: ArrayBuffer[] = []): void => thread.worker.postMessage(message, transfer);
  const newStep = (): Uint8Array<ArrayBuffer> => new Uint8Array(thread.spare.pop() ?? new ArrayBuffer(STEP));
  const fail = (error: unknown): void => {
    at.failure ??= { error };
    changed();
  };

  function hear(message: FromThread | Error): void {
    if (message instanceof Error) return fail(message);
    if (message.kind === "failed") return fail(new Error(`sealing failed: ${message.message}`));
    at.ready.push(...message.sealed);
    if (message.kind === "done") at.facts = message.facts;
    else {
      at.inThread -= 1;
      if (thread.spare.length < MAX_SPARE) thread.spare.push(message.plain);
    }
    changed();
  }

  /** Fills steps and sends them, until the source ends or whoever reads has given up. */
  async function pump(): Promise<void> {
    let step = newStep();
    let filled = 0;
    async function flush(): Promise<void> {
      while (at.inThread + at.ready.length >= DEPTH && !at.over && at.failure === null) await change();
      at.inThread += 1;
      send({ kind: "step", id, buffer: step.buffer, length: filled }, [step.buffer]);
      step = newStep();
      filled = 0;
    }
    for await (const piece of bytes) {
      for (let from = 0; from < piece.length;) {
        const taken = Math.min(STEP - filled, piece.length - from);
        step.set(piece.subarray(from, from + taken), filled);
        filled += taken;
        from += taken;
        if (filled === STEP) await flush();
      }
      if (at.over || at.failure !== null) return;
    }
    if (filled > 0) await flush();
    send({ kind: "close", id });
  }

  async function* run(): AsyncIterable<Uint8Array> {
    thread.streams.set(id, hear);
    try {
      send({ kind: "open", id, ...options, salt: randomBytes(24) });
      pump().catch(fail);
      for (;;) {
        const sealed = at.ready.shift();
        if (sealed !== undefined) {
          changed();
          yield new Uint8Array(sealed);
          // Asked for the next: this one is written and may be filled again.
          send({ kind: "spare", buffer: sealed }, [sealed]);
        } else if (at.failure !== null) throw at.failure.error;
        else if (at.facts !== null) return;
        else await change();
      }
    } finally {
      at.over = true;
      thread.streams.delete(id);
      if (at.facts === null) send({ kind: "abort", id });
      changed();
    }
  }
  return {
    sealed: run(),
    facts() {
      if (at.facts === null) throw new Error("the facts of a span are known only at its end");
      return at.facts;
    },
  };
}

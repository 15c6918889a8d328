import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { Problem } from "@sworn/contract";
import { type FromThread, SEALED_STEP, type Slot, THREAD_STEP, type ToThread } from "./seal-messages.ts";
import type { PlainFacts, SealStream } from "./seal-stream.ts";

export interface SealThreads {
  readonly sealStream: SealStream;
  stop(): Promise<void>;
}

interface Thread {
  readonly send: (message: ToThread) => void;
  readonly streams: Map<number, (message: FromThread | Error) => void>;
  /** Slots that no span uses now. */
  readonly free: Slot[];
  slots: number;
  /** It answers nothing any more: a span that was about to begin on it must not wait. */
  dead: boolean;
}

/** Steps of one span on their way at once: enough that socket, cipher and disk work at the same time. */
const DEPTH = 4;

/** Seals in threads beside the event loop: one fewer than there are cores, at least one. They end with the process. */
export function startSealThreads(
  count = Math.min(4, Math.max(1, availableParallelism() - 1)),
  onStart: (worker: Worker) => void = () => undefined,
): SealThreads {
  const threads: Thread[] = [];
  const workers: Worker[] = [];
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
      thread.dead = true;
      for (const tell of streams.values()) tell(interrupted());
    };
    worker.on("error", fail);
    worker.on("exit", () => {
      fail();
      if (!stopped) start(place);
    });
    const send = (message: ToThread): void => worker.postMessage(message, []);
    const thread: Thread = { send, streams, free: [], slots: 0, dead: false };
    threads[place] = thread;
    workers[place] = worker;
    onStart(worker);
  }
  return {
    sealStream(bytes, options) {
      const thread = threads.reduce((a, b) => (b.streams.size < a.streams.size ? b : a));
      return streamThrough(thread, (lastId += 1), bytes, options);
    },
    async stop() {
      stopped = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const interrupted = (): Problem => new Problem("busy", "Sealing was interrupted. Send these bytes again.");

function takeSlot(thread: Thread): Slot {
  const free = thread.free.pop();
  if (free !== undefined) return free;
  const shared = (length: number): Uint8Array<SharedArrayBuffer> => new Uint8Array(new SharedArrayBuffer(length));
  const slot = { index: (thread.slots += 1), plain: shared(THREAD_STEP), sealed: shared(SEALED_STEP) };
  thread.send({ kind: "slot", slot });
  return slot;
}

/** How far one span has come, as both of its ends see it. */
interface Progress {
  readonly ready: Uint8Array[];
  /** Slots that are filled, in the thread, or sealed and not yet written. */
  readonly slots: Map<number, Slot>;
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
  const at: Progress = { ready: [], slots: new Map(), facts: null, failure: null, over: false };
  const waiting: (() => void)[] = [];
  const changed = (): void => {
    for (const wake of waiting.splice(0)) wake();
  };
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const fail = (error: unknown): void => {
    at.failure ??= { error };
    changed();
  };

  function hear(message: FromThread | Error): void {
    if (message instanceof Error) return fail(message);
    if (message.kind === "aborted") {
      thread.streams.delete(id);
      thread.free.push(...at.slots.values());
      return;
    }
    if (message.kind === "failed") return fail(new Error(`sealing failed: ${message.message}`));
    if (message.kind === "done") {
      at.ready.push(...message.tail);
      at.facts = message.facts;
    } else {
      const slot = at.slots.get(message.slot);
      if (slot !== undefined) at.ready.push(slot.sealed.subarray(message.start, message.end));
    }
    changed();
  }

  /** Fills steps and sends them, until the source ends or whoever reads has given up. */
  async function pump(): Promise<void> {
    let slot: Slot | null = null;
    let filled = 0;
    for await (const piece of bytes) {
      // The source may go on after the reader has gone; the slot at hand may be another span's memory by now.
      if (at.over || at.failure !== null) return;
      for (let from = 0; from < piece.length;) {
        if (slot === null) {
          while (at.slots.size >= DEPTH && !at.over && at.failure === null) await change();
          if (at.over || at.failure !== null) return;
          slot = takeSlot(thread);
          at.slots.set(slot.index, slot);
        }
        const taken = Math.min(THREAD_STEP - filled, piece.length - from);
        slot.plain.set(piece.subarray(from, from + taken), filled);
        filled += taken;
        from += taken;
        if (filled < THREAD_STEP) continue;
        thread.send({ kind: "step", id, slot: slot.index, length: filled });
        slot = null;
        filled = 0;
      }
    }
    if (at.over || at.failure !== null) return;
    if (slot !== null) thread.send({ kind: "step", id, slot: slot.index, length: filled });
    thread.send({ kind: "close", id });
  }

  /** Asked for the next: this piece is written, and its slot may be filled again. */
  function release(piece: Uint8Array): void {
    for (const slot of at.slots.values()) {
      if (slot.sealed.buffer !== piece.buffer) continue;
      at.slots.delete(slot.index);
      thread.free.push(slot);
    }
    changed();
  }

  async function* run(): AsyncIterable<Uint8Array> {
    if (thread.dead) throw interrupted();
    thread.streams.set(id, hear);
    try {
      thread.send({ kind: "open", id, ...options, salt: randomBytes(24) });
      pump().catch(fail);
      for (;;) {
        const piece = at.ready.shift();
        if (piece !== undefined) {
          yield piece;
          release(piece);
        } else if (at.failure !== null) throw at.failure.error;
        else if (at.facts !== null) return;
        else await change();
      }
    } finally {
      at.over = true;
      // A span that broke off keeps its slots until the thread says that it is not at one of them any more.
      if (at.facts === null) thread.send({ kind: "abort", id });
      else {
        thread.streams.delete(id);
        thread.free.push(...at.slots.values()); // sealed whole, but not all of it was taken
      }
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

import type { Fix, RecordingStatus } from "@sworn/contract";
import { type Sworn, SwornError } from "@sworn/sdk";
import type { LocalFragment, Placement, RecordingFolder } from "./recording-folder.ts";

/** What the progress line shows; grows while the sender works. */
export interface SendState {
  received: number;
  stored: number;
  waiting: number;
  bytesSent: number;
  refused: number;
  /** The server has answered since the last trouble. */
  connected: boolean;
  trouble: string | null;
  /** The whole recording is stored and nothing of it is left here. */
  done: boolean;
}

/** The server would refuse these bytes under this number for ever; under another they may be taken. */
const OTHERWISE_FINE = ["take-closed", "fragment-conflict", "device-busy"];
const MOVE_ON = new Set([...OTHERWISE_FINE, "fragment-malformed", "fragment-time", "fragment-not-key"]);
const ASK_EVERY_MS = 5000;

/**
 * Sends one recording's folder in order and deletes what is stored. `run` ends when the recording is stored whole, or
 * with the signal. Everything it knows is in the folder and on the server, so it can be ended anywhere and begun again.
 */
export class RecordingSender {
  readonly state: SendState = {
    received: 0,
    stored: 0,
    waiting: 0,
    bytesSent: 0,
    refused: 0,
    connected: false,
    trouble: null,
    done: false,
  };
  readonly #sworn: Sworn;
  readonly #folder: RecordingFolder;
  readonly #inits = new Set<number>();
  /** Takes that the server has. */
  readonly #begun = new Set<number>();
  readonly #fixes = new Map<number, { list: Fix[]; end: number }>();
  readonly #fixesSent = new Map<number, number>();
  /** Fragments of each server take that were received, as far as is known. */
  readonly #received = new Map<number, number>();
  #opened = false;
  #askedAt = 0;
  #wake: () => void = () => undefined;

  constructor(sworn: Sworn, folder: RecordingFolder) {
    this.#sworn = sworn;
    this.#folder = folder;
  }

  /** Seconds of footage that this machine still keeps, received or not; 0 once the folder is gone. */
  async secondsKept(): Promise<number> {
    let ms = 0;
    for (const take of await this.#folder.takes().catch(() => []))
      for (const { durationMs } of await this.#folder.fragments(take).catch(() => [])) ms += durationMs;
    return ms / 1000;
  }

  /** Something new lies in the folder. */
  wake(): void {
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted && !this.state.done) {
      try {
        const idle = await this.#round(signal);
        failures = 0;
        this.state.trouble = null;
        this.state.connected = true;
        if (idle && !this.state.done) await this.#sleep(1000, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The server may be away for days, or refuse until a person acts, or this disk may fail to read: say so, keep
        // everything, try again. Whatever it is, it must not end the process, in which a recording may be running.
        const refused = error instanceof SwornError ? error : null;
        failures += 1;
        this.state.connected = false;
        this.state.trouble = refused === null ? String(error) : `${refused.code}: ${refused.message}`;
        this.#opened = false;
        const wait = Math.min(30_000, 500 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
        await this.#sleep(Math.max(wait, (refused?.retryAfterSeconds ?? 0) * 1000), signal);
      }
    }
  }

  /** Sends what there is. Answers true when there was nothing to do. */
  async #round(signal: AbortSignal): Promise<boolean> {
    const ended = await this.#folder.ended(); // first: nothing is added after it
    if (!this.#opened) {
      this.#learn(await this.#sworn.recordings.open(this.#folder.request, signal));
      this.#opened = true;
    }
    let sent = 0;
    this.state.waiting = 0;
    for (const local of await this.#folder.takes()) sent += await this.#sendTake(local, signal);
    if (sent > 0 && ended === null && Date.now() - this.#askedAt < ASK_EVERY_MS) return false;
    if (ended === null && sent === 0 && Date.now() - this.#askedAt < ASK_EVERY_MS) return true;
    if (ended !== null && sent === 0) await this.#close(ended, signal);
    const status = await this.#sworn.recordings.status(this.#folder.id, signal);
    this.#learn(status);
    await this.#removeStored(status);
    if (status.state === "closed") this.state.done = await this.#finish(status);
    return sent === 0;
  }

  #learn(status: RecordingStatus): void {
    this.#askedAt = Date.now();
    for (const take of status.takes) {
      this.#received.set(take.take, take.received);
      // One that ended before its init came is used up all the same: sent again under it, nothing would be taken.
      if (take.init || take.state !== "open") this.#begun.add(take.take);
    }
    this.state.received = status.takes.reduce((sum, take) => sum + take.received, 0);
    this.state.stored = status.takes.reduce((sum, take) => sum + take.stored, 0);
  }

  async #sendTake(local: number, signal: AbortSignal): Promise<number> {
    const fragments = await this.#folder.fragments(local);
    let placement = (await this.#folder.placements()).findLast((candidate) => candidate.local === local);
    const [first] = fragments;
    if (first === undefined) return 0;
    placement ??= await this.#place(local, first);
    let next = placement.from + (this.#received.get(placement.take) ?? 0);
    const waiting = fragments.filter((fragment) => fragment.n >= next);
    this.state.waiting += waiting.length;
    for (const fragment of waiting) {
      // A hole (set aside, or lost with the disk): what follows it is a take of its own.
      if (fragment.n > next) placement = await this.#place(local, fragment);
      const now = await this.#sendFragment(placement, fragment, signal);
      if (now !== null) {
        placement = now;
        next = fragment.n + 1;
      }
      this.state.waiting -= 1;
    }
    return waiting.length;
  }

  /** Answers the placement that what follows belongs to; null when the fragment was put aside. */
  async #sendFragment(placement: Placement, fragment: LocalFragment, signal: AbortSignal): Promise<Placement | null> {
    const { local } = placement;
    const bytes = await this.#folder.readFragment(local, fragment);
    if (bytes === null) return await this.#setAside(local, fragment);
    for (let current = placement, moved = false; ; moved = true) {
      const n = fragment.n - current.from;
      try {
        await this.#sendInit(current, signal);
        await this.#sendFixes(current, fragment, signal);
        const sha256 = Buffer.from(fragment.sha256, "hex");
        await this.#sworn.recordings.putFragment(this.#folder.id, current.take, n, bytes, { sha256, signal });
        this.#received.set(current.take, n + 1);
        this.state.received += 1;
        this.state.bytesSent += bytes.length;
        return current;
      } catch (error) {
        if (!(error instanceof SwornError) || !MOVE_ON.has(error.code)) throw error;
        // Closed while we were away, or unusable in its place: it goes on as a new take. If even the first fragment
        // of a new take is refused, the bytes themselves are wrong, and only they are put aside.
        if (moved || (n === 0 && !OTHERWISE_FINE.includes(error.code))) return await this.#setAside(local, fragment);
        current = await this.#place(local, fragment);
      }
    }
  }

  async #sendInit(placement: Placement, signal: AbortSignal): Promise<void> {
    if (this.#inits.has(placement.take)) return;
    const init = await this.#folder.readInit(placement.local);
    if (init === null)
      throw new SwornError("source-changed", `The init segment of take ${placement.local} is damaged.`);
    await this.#sworn.recordings.putInit(this.#folder.id, placement.take, init, { signal });
    this.#inits.add(placement.take);
    this.#begun.add(placement.take);
  }

  /**
   * Positions up to the end of this fragment, before the fragment: once the take is closed they would come too late. If
   * the fragment then goes into the next part, its positions stand in both: twice is better than not at all.
   */
  async #sendFixes({ local, take, startMs }: Placement, fragment: LocalFragment, signal: AbortSignal): Promise<void> {
    const known = this.#fixes.get(local) ?? { list: [], end: 0 };
    const more = await this.#folder.fixesFrom(local, known.end);
    known.list.push(...more.fixes);
    known.end = more.end;
    this.#fixes.set(local, known);
    const until = fragment.startMs + fragment.durationMs;
    const due = known.list.filter((fix) => fix.offsetMs >= startMs && fix.offsetMs < until);
    for (let at = this.#fixesSent.get(take) ?? 0; at < due.length;) {
      const fixes = due.slice(at, at + 1000).map((fix): Fix => ({ ...fix, offsetMs: fix.offsetMs - startMs }));
      await this.#sworn.recordings.putTrack(this.#folder.id, take, { source: "nmea", from: at, fixes }, signal);
      at += fixes.length;
      this.#fixesSent.set(take, at);
    }
  }

  /** A number that was given out but never begun is used again: the server takes parts in order, without a hole. */
  async #place(local: number, fragment: LocalFragment): Promise<Placement> {
    const last = (await this.#folder.placements()).at(-1)?.take ?? -1;
    const take = last >= 0 && !this.#begun.has(last) ? last : last + 1;
    const placement = { local, from: fragment.n, startMs: fragment.startMs, take };
    await this.#folder.addPlacement(placement);
    return placement;
  }

  async #setAside(local: number, fragment: LocalFragment): Promise<null> {
    await this.#folder.setAside(local, fragment);
    this.state.refused += 1;
    return null;
  }

  async #close(reason: NonNullable<Awaited<ReturnType<RecordingFolder["ended"]>>>, signal: AbortSignal): Promise<void> {
    const placements = await this.#folder.placements();
    const begun = placements.filter(({ take }) => this.#begun.has(take));
    const takes = begun.map(({ take }) => ({ take, fragments: this.#received.get(take) ?? 0 }));
    await this.#sworn.recordings.close(this.#folder.id, { reason, takes }, signal);
  }

  async #removeStored(status: RecordingStatus): Promise<void> {
    for (const placement of await this.#folder.placements()) {
      const stored = status.takes.find((take) => take.take === placement.take)?.stored ?? 0;
      const end = placement.from + stored;
      for (const fragment of await this.#folder.fragments(placement.local))
        if (fragment.n >= placement.from && fragment.n < end)
          await this.#folder.removeFragment(placement.local, fragment);
    }
  }

  /** Closed means stored: its evidence is in the catalogue and the log. Anything still here was not sent after all. */
  async #finish(status: RecordingStatus): Promise<boolean> {
    for (const take of await this.#folder.takes())
      if ((await this.#folder.fragments(take)).length > 0)
        throw new SwornError(
          "recording-closed",
          `Recording ${status.id} is closed, but fragments of it are still here.`,
        );
    await this.#folder.removeAll();
    return true;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#wake = end;
      signal.addEventListener("abort", end, { once: true });
    });
    this.#wake = () => undefined;
  }
}

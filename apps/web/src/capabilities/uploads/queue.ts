import { blobSource, playOf, SwornError, type Play } from "@sworn/sdk";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { fingerprintFile } from "./fingerprint.ts";
import { Rate } from "./rate.ts";
import { forget, readRemembered, remember, type Remembered } from "./remembered.ts";
import { findStoredBefore, rememberStored } from "./stored-before.ts";

export type UploadPhase =
  | "waiting"
  /** Hashed here, because this browser brought such a file in before. */
  | "comparing"
  | "sending"
  | "sealing"
  /** Stored; whether it plays is not told yet. */
  | "opening"
  | "stored"
  /** Nothing was sent: it is held, or on its way, already. */
  | "known"
  | "refused"
  | "failed"
  | "cancelled";
export interface UploadItem {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly phase: UploadPhase;
  /** Bytes sent; while sealing, bytes read back and matched. */
  readonly done: number;
  readonly perSecond: number | null;
  readonly evidenceId: string | null;
  readonly alreadyHeld: boolean;
  /** True where it went on from an earlier, interrupted upload. */
  readonly resumed: boolean;
  /** Known once it is stored and was opened. */
  readonly play: Play | null;
  readonly detail: string | null;
}

interface Held {
  readonly file: File;
  readonly abort: AbortController;
  url: string | null;
  fingerprint: string | null;
  /** The person was told that it is held already, and wants it sent. */
  readonly anyway: boolean;
}

const atOnce = 2;
const movingPhases: ReadonlySet<UploadPhase> = new Set(["comparing", "sending", "sealing", "opening"]);
/** How long the page waits to be told whether a stored file plays; a queue of others may come first. */
const openPatienceMs = 600_000;

/** Uploads go on while the person looks at other screens: they live outside the pages. */
class UploadQueue {
  #items: readonly UploadItem[] = [];
  readonly #files = new Map<string, Held>();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly items = (): readonly UploadItem[] => this.#items;

  add(files: readonly File[]): void {
    for (const file of files) {
      const key = crypto.getRandomValues(new Uint32Array(2)).join("-");
      this.#files.set(key, { file, abort: new AbortController(), url: null, fingerprint: null, anyway: false });
      this.#items = [
        ...this.#items,
        {
          key,
          name: file.name,
          size: file.size,
          phase: "waiting",
          done: 0,
          perSecond: null,
          evidenceId: null,
          alreadyHeld: false,
          resumed: false,
          play: null,
          detail: null,
        },
      ];
    }
    this.#tell();
    this.#next();
  }

  /** Tries again with the same file; goes on where it was if the server still has it. */
  retry(key: string): void {
    const held = this.#files.get(key);
    if (held === undefined) return;
    this.#files.set(key, { ...held, abort: new AbortController(), anyway: true });
    this.#change(key, { phase: "waiting", done: 0, evidenceId: null, detail: null });
    this.#next();
  }

  cancel(key: string): void {
    const held = this.#files.get(key);
    held?.abort.abort();
    if (held === undefined || held.url === null) {
      this.#change(key, { phase: "cancelled" });
      return;
    }
    void this.#end(key, held.url);
  }

  /** The row says cancelled when the server knows; until then the list of unfinished ones would show it a second time. */
  async #end(key: string, url: string): Promise<void> {
    try {
      await sworn.uploads.cancel(url);
      forget(url);
    } catch {
      // It stays among the unfinished, to be gone on with or ended there. What arrived is kept either way.
    }
    await queries.invalidateQueries({ queryKey: ["uploads"] });
    this.#change(key, { phase: "cancelled" });
    this.#next();
  }

  clear(key: string): void {
    this.#files.delete(key);
    this.#items = this.#items.filter((item) => item.key !== key);
    this.#tell();
  }

  #next(): void {
    const busy = this.#items.filter((item) => item.phase === "sending" || item.phase === "comparing").length;
    for (const item of this.#items
      .filter((candidate) => candidate.phase === "waiting")
      .slice(0, Math.max(0, atOnce - busy))) {
      this.#change(item.key, { phase: "sending" });
      void this.#run(item.key).finally(() => this.#next());
    }
  }

  async #run(key: string): Promise<void> {
    const held = this.#files.get(key);
    if (held === undefined) return;
    const { file, abort } = held;
    try {
      const fingerprint = await fingerprintFile(file);
      held.fingerprint = fingerprint;
      if (!held.anyway && (await this.#isKnown(key, file, fingerprint, abort.signal))) return;
      const url = await this.#open(key, file, fingerprint, abort.signal);
      held.url = url;
      await this.#send(key, file, url, abort.signal);
      this.#change(key, { phase: "sealing", done: 0, perSecond: null });
      // Sealing is the server's work: the next file need not wait for it.
      this.#next();
      const status = await sworn.uploads.settled(url, {
        signal: abort.signal,
        onStatus: (now) => this.#change(key, { done: now.checked }),
      });
      forget(url);
      // Asked again first: the list of before still holds this one, and would show it as begun in another browser.
      await queries.invalidateQueries({ queryKey: ["uploads"] });
      const { evidenceId, alreadyHeld, detail } = status;
      const stored = status.state === "stored";
      this.#change(key, { phase: stored ? "opening" : "refused", evidenceId, alreadyHeld, detail });
      if (!stored) return;
      if (evidenceId !== null) rememberStored(fingerprint, evidenceId);
      void queries.invalidateQueries({ queryKey: ["library"] });
      await this.#tellPlay(key, url);
    } catch (error) {
      if (error instanceof SwornError && error.code === "cancelled") return;
      const refused =
        error instanceof SwornError && !error.retryable && error.code !== "too-many-tries" && error.status >= 400;
      this.#change(key, { phase: refused ? "refused" : "failed", detail: reasonOf(error), perSecond: null });
    } finally {
      void queries.invalidateQueries({ queryKey: ["uploads"] });
    }
  }

  async #send(key: string, file: File, url: string, signal: AbortSignal): Promise<void> {
    const rate = new Rate();
    let told = 0;
    await sworn.uploads.send(url, blobSource(file), {
      signal,
      onProgress: (sent) => {
        const now = performance.now();
        rate.add(sent, now);
        if (now - told < 200 && sent < file.size) return;
        told = now;
        this.#change(key, { done: sent, perSecond: rate.perSecond() });
      },
    });
  }

  /** Says so and answers true where these bytes are held, or being sent from this page, already. */
  async #isKnown(key: string, file: File, fingerprint: string, signal: AbortSignal): Promise<boolean> {
    const twin = this.#items.find(
      (item) =>
        item.key !== key && movingPhases.has(item.phase) && this.#files.get(item.key)?.fingerprint === fingerprint,
    );
    if (twin !== undefined) {
      this.#change(key, { phase: "known" });
      return true;
    }
    const evidenceId = await findStoredBefore(file, fingerprint, signal, (done) =>
      this.#change(key, { phase: "comparing", done }),
    );
    this.#change(key, evidenceId === null ? { phase: "sending", done: 0 } : { phase: "known", evidenceId });
    return evidenceId !== null;
  }

  /** Stored it is, whatever comes of this: what cannot be told is said to be so. */
  async #tellPlay(key: string, url: string): Promise<void> {
    const status = await sworn.uploads.formatRead(url, { patienceMs: openPatienceMs }).catch(() => null);
    const play = status === null ? "not-known" : playOf(status);
    this.#change(key, { phase: "stored", play, detail: status?.media?.detail ?? null });
  }

  /** The address of an unfinished upload of exactly this file, or of a new one. */
  async #open(key: string, file: File, fingerprint: string, signal: AbortSignal): Promise<string> {
    const before = readRemembered().find((candidate) => isSame(candidate, file, fingerprint));
    if (before !== undefined) {
      try {
        await sworn.uploads.offset(before.url, signal);
        this.#change(key, { resumed: true });
        return before.url;
      } catch (error) {
        if (!(error instanceof SwornError) || (error.code !== "not-found" && error.code !== "upload-gone")) throw error;
        forget(before.url);
      }
    }
    const url = await sworn.uploads.create(blobSource(file), {}, signal);
    remember({ url, name: file.name, size: file.size, modified: file.lastModified, fingerprint });
    return url;
  }

  #change(key: string, change: Partial<UploadItem>): void {
    this.#items = this.#items.map((item) => (item.key === key ? { ...item, ...change } : item));
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export function isSame(before: Remembered, file: File, fingerprint: string): boolean {
  return (
    before.name === file.name &&
    before.size === file.size &&
    before.modified === file.lastModified &&
    before.fingerprint === fingerprint
  );
}

export const uploadQueue = new UploadQueue();

// A closed tab loses no byte that arrived, but it stops what has not: the browser asks first.
addEventListener("beforeunload", (event) => {
  if (uploadQueue.items().some((item) => item.phase === "sending" || item.phase === "waiting")) event.preventDefault();
});

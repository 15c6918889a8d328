import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CloseRecording, Fix, OpenRecording } from "@sworn/contract";
import { z } from "zod";
import { appendDurably, syncFolder, writeDurably } from "./durable-file.ts";

/** Where fragments of a local take go: local fragment `from`, at `startMs` of its take, is fragment 0 of the server's take. */
const Placement = z.object({ local: z.int(), from: z.int(), startMs: z.int(), take: z.int() });
export type Placement = z.infer<typeof Placement>;

export interface LocalFragment {
  readonly n: number;
  readonly sha256: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly name: string;
}

const FRAGMENT = /^(\d{7})-(\d+)-(\d+)-([0-9a-f]{64})\.m4s$/;
const INIT = /^init-([0-9a-f]{64})\.mp4$/;

/**
 * One recording in the camera's own durable store. Every file is fsynced before its name exists, and the name of a
 * fragment holds its hash, so what a power cut leaves is whole or recognisably not there. Nothing is deleted before the
 * server says `stored`.
 *
 *     recording.json  ended.json  placements.jsonl
 *     take-0/init-<sha256>.mp4  take-0/0000000-<startMs>-<durationMs>-<sha256>.m4s  take-0/fixes.jsonl
 *     refused/…  what the server would not take, kept for a person
 */
export class RecordingFolder {
  readonly path: string;
  readonly request: z.input<typeof OpenRecording>;
  constructor(path: string, request: z.input<typeof OpenRecording>) {
    this.path = path;
    this.request = request;
  }

  static async create(spool: string, request: z.input<typeof OpenRecording>): Promise<RecordingFolder> {
    const path = join(spool, request.id);
    await mkdir(path, { recursive: true, mode: 0o700 });
    await writeDurably(join(path, "recording.json"), JSON.stringify(request));
    await syncFolder(spool);
    return new RecordingFolder(path, request);
  }

  /** Null where the folder was made but its recording never began. */
  static async load(path: string): Promise<RecordingFolder | null> {
    const text = await readFile(join(path, "recording.json"), "utf8").catch(() => null);
    return text === null ? null : new RecordingFolder(path, OpenRecording.parse(JSON.parse(text)));
  }

  get id(): string {
    return this.request.id;
  }

  async takes(): Promise<number[]> {
    const names = await readdir(this.path);
    const found = names.flatMap((name) => /^take-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
    return found.toSorted((a, b) => a - b);
  }

  async addTake(take: number, init: Uint8Array): Promise<void> {
    const folder = this.#take(take);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(this.path);
    await writeDurably(join(folder, `init-${sha256Hex(init)}.mp4`), init);
  }

  async addFragment(
    take: number,
    fragment: { n: number; startMs: number; durationMs: number; bytes: Uint8Array },
  ): Promise<void> {
    const { n, startMs, durationMs, bytes } = fragment;
    const name = `${String(n).padStart(7, "0")}-${startMs}-${durationMs}-${sha256Hex(bytes)}.m4s`;
    await writeDurably(join(this.#take(take), name), bytes);
  }

  async addFixes(take: number, fixes: readonly Fix[]): Promise<void> {
    if (fixes.length === 0) return;
    const lines = fixes.map((fix) => JSON.stringify(fix)).join("\n");
    await appendDurably(join(this.#take(take), "fixes.jsonl"), lines);
  }

  /** What is left of a take here, in order. Half-written files do not count. */
  async fragments(take: number): Promise<LocalFragment[]> {
    const names = await readdir(this.#take(take));
    return names
      .flatMap((name): LocalFragment[] => {
        const found = FRAGMENT.exec(name);
        if (found === null) return [];
        const [, n, startMs, durationMs, sha256 = ""] = found;
        return [{ n: Number(n), startMs: Number(startMs), durationMs: Number(durationMs), sha256, name }];
      })
      .toSorted((a, b) => a.n - b.n);
  }

  /** Null when what lies on the disk is not what was written. */
  async readFragment(take: number, fragment: LocalFragment): Promise<Uint8Array | null> {
    const bytes = await readFile(join(this.#take(take), fragment.name));
    return sha256Hex(bytes) === fragment.sha256 ? bytes : null;
  }

  async readInit(take: number): Promise<Uint8Array | null> {
    const name = (await readdir(this.#take(take))).find((candidate) => INIT.test(candidate));
    if (name === undefined) return null;
    const bytes = await readFile(join(this.#take(take), name));
    return sha256Hex(bytes) === INIT.exec(name)?.[1] ? bytes : null;
  }

  /** Fixes behind byte `from` of the list, and where it ends now. */
  async fixesFrom(take: number, from: number): Promise<{ fixes: Fix[]; end: number }> {
    const bytes = await readFile(join(this.#take(take), "fixes.jsonl")).catch(() => Buffer.alloc(0));
    const end = bytes.lastIndexOf("\n") + 1;
    return { fixes: parseLines(bytes.subarray(from, end).toString(), Fix), end };
  }

  /** By server take. Of two under one number the later counts: the earlier was never begun. */
  async placements(): Promise<Placement[]> {
    const text = await readFile(join(this.path, "placements.jsonl"), "utf8").catch(() => "");
    const byTake = new Map<number, Placement>();
    for (const placement of parseLines(text, Placement)) byTake.set(placement.take, placement);
    return [...byTake.values()].toSorted((a, b) => a.take - b.take);
  }

  /** Durable before anything is sent under it: a resend after a crash must name the same numbers. */
  async addPlacement(placement: Placement): Promise<void> {
    await appendDurably(join(this.path, "placements.jsonl"), JSON.stringify(placement));
  }

  async end(reason: CloseRecording["reason"]): Promise<void> {
    if ((await this.ended()) === null) await writeDurably(join(this.path, "ended.json"), JSON.stringify({ reason }));
  }

  async ended(): Promise<CloseRecording["reason"] | null> {
    const text = await readFile(join(this.path, "ended.json"), "utf8").catch(() => null);
    if (text === null) return null;
    return z.object({ reason: CloseRecording.shape.reason }).parse(JSON.parse(text)).reason;
  }

  /** Only after the server said that it is stored. */
  async removeFragment(take: number, fragment: LocalFragment): Promise<void> {
    await rm(join(this.#take(take), fragment.name), { force: true });
  }

  /** Puts aside what cannot be sent, for a person to look at. */
  async setAside(take: number, fragment: LocalFragment): Promise<void> {
    const folder = join(this.path, "refused");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(join(this.#take(take), fragment.name), join(folder, `take-${take}-${fragment.name}`));
    await syncFolder(folder);
  }

  /** True when everything went; false when refused fragments keep the folder. */
  async removeAll(): Promise<boolean> {
    const refused = await readdir(join(this.path, "refused")).catch(() => []);
    if (refused.length > 0) return false;
    await rm(this.path, { recursive: true, force: true });
    return true;
  }

  #take(take: number): string {
    return join(this.path, `take-${take}`);
  }
}

/** A power cut may leave half a line at the end: it does not count. */
function parseLines<T>(text: string, shape: z.ZodType<T>): T[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : [shape.parse(JSON.parse(line))]));
}

const sha256Hex = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

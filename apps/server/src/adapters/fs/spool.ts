import { randomBytes } from "node:crypto";
import { open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type Spool, SpoolError, type SpoolPlace } from "../../ports/spool.ts";
import { type SpoolDisk, nodeSpoolDisk } from "./spool-disk.ts";
import { readNodeName } from "./spool-node.ts";
import { SpoolSegment } from "./spool-segment.ts";

const SEGMENT_NAME = /^[0-9]{13}-[0-9a-f]{16}\.spool$/;
const SEGMENT_BYTES = 64 * 1024 * 1024;

export interface FsSpoolOptions {
  /** Made with mode 0700 if it is not there. Belongs to one process: the data-home lock sees to that. */
  readonly folder: string;
  /** A segment is ended once it has this many bytes. */
  readonly segmentBytes?: number;
  readonly disk?: SpoolDisk;
}

type Waiting = {
  readonly sealed: Uint8Array;
  readonly resolve: (place: SpoolPlace) => void;
  readonly reject: (error: SpoolError) => void;
};

/**
 * The spool on a file system: append-only segment files. Everything that waits when a write begins shares that
 * write and its fdatasync (group commit). A segment on which one write or fdatasync failed is never touched again:
 * after such an error the kernel may drop the pages and report the next fsync as good.
 */
export class FsSpool implements Spool {
  readonly node: string;
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #disk: SpoolDisk;
  #segment: SpoolSegment | null = null;
  /** Name of the open segment, from before its file exists: a file in the folder that is not it is closed. */
  #openName: string | null = null;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #stopped = false;

  private constructor(node: string, options: FsSpoolOptions) {
    this.node = node;
    this.#folder = options.folder;
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#disk = options.disk ?? nodeSpoolDisk;
  }

  static async open(options: FsSpoolOptions): Promise<FsSpool> {
    return new FsSpool(await readNodeName(options.folder), options);
  }

  async append(sealed: Uint8Array): Promise<SpoolPlace> {
    if (this.#stopped) throw new SpoolError("not-durable", "the spool is stopped");
    return await new Promise<SpoolPlace>((resolve, reject) => {
      this.#waiting.push({ sealed, resolve, reject });
      this.#run();
    });
  }

  /** Starts the writer unless it runs; it goes on until nothing waits. */
  #run(): void {
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
      if (this.#waiting.length > 0) this.#run();
    });
  }

  async #drain(): Promise<void> {
    // One turn later: everything that arrives in this turn joins the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#write(group);
    }
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    let segment: SpoolSegment | null = null;
    try {
      segment = this.#segment ?? (await this.#begin());
      const offsets = await segment.append(group.map((waiting) => waiting.sealed));
      for (const [i, waiting] of group.entries()) {
        const place = { node: this.node, segment: segment.name, offset: offsets[i] ?? 0, size: waiting.sealed.length };
        waiting.resolve(place);
      }
      if (segment.size >= this.#segmentBytes) await this.#end();
    } catch (cause) {
      this.#segment = segment;
      await this.#end();
      const full = cause instanceof Error && "code" in cause && (cause.code === "ENOSPC" || cause.code === "EDQUOT");
      const code = full ? "full" : "not-durable";
      for (const waiting of group)
        waiting.reject(new SpoolError(code, `the spool could not keep the bytes (${code})`, cause));
    }
  }

  async #begin(): Promise<SpoolSegment> {
    this.#openName = newName();
    this.#segment = await SpoolSegment.create(this.#disk, this.#folder, this.#openName);
    return this.#segment;
  }

  async #end(): Promise<void> {
    const segment = this.#segment;
    this.#segment = null;
    this.#openName = null;
    await segment?.abandon();
  }

  async read(place: SpoolPlace): Promise<Uint8Array> {
    if (place.node !== this.node) throw new SpoolError("wrong-node", "these bytes lie in another node's spool");
    const handle = await open(this.#path(place.segment), "r").catch((cause: unknown) => {
      throw new SpoolError("missing", `segment ${place.segment} cannot be opened`, cause);
    });
    try {
      const bytes = Buffer.allocUnsafe(place.size);
      for (let at = 0; at < place.size;) {
        const { bytesRead } = await handle.read(bytes, at, place.size - at, place.offset + at);
        if (bytesRead === 0)
          throw new SpoolError("missing", `segment ${place.segment} ends before ${place.offset + place.size}`);
        at += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  }

  async closedSegments(): Promise<string[]> {
    const names = (await readdir(this.#folder)).filter((name) => SEGMENT_NAME.test(name));
    return names.filter((name) => name !== this.#openName).sort();
  }

  async release(segment: string): Promise<void> {
    const path = this.#path(segment);
    if (segment === this.#openName) throw new SpoolError("missing", "the open segment cannot be released");
    await unlink(path).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    });
  }

  async rotate(): Promise<void> {
    await this.#running;
    if (this.#segment !== null && this.#segment.size > 0) await this.#end();
  }

  /** What waits is still written; what comes later is refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#running !== null) await this.#running;
    await this.#end();
  }

  #path(segment: string): string {
    // Names come from rows of ours, but a path is never built from what was not checked.
    if (!SEGMENT_NAME.test(segment)) throw new SpoolError("missing", "this is no segment's name");
    return join(this.#folder, segment);
  }
}

const newName = (): string => `${String(Date.now()).padStart(13, "0")}-${randomBytes(8).toString("hex")}.spool`;

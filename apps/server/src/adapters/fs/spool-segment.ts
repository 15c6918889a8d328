import { join } from "node:path";
import type { SpoolDisk, SpoolFile } from "./spool-disk.ts";

/** One file of the spool while it is open. Never opened again after `abandon`. */
export class SpoolSegment {
  readonly name: string;
  readonly #file: SpoolFile;
  #size = 0;

  private constructor(name: string, file: SpoolFile) {
    this.name = name;
    this.#file = file;
  }

  /** The name is durable before the first byte is: an fsynced file without a name is lost all the same. */
  static async create(disk: SpoolDisk, folder: string, name: string): Promise<SpoolSegment> {
    const file = await disk.create(join(folder, name));
    try {
      await disk.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return new SpoolSegment(name, file);
  }

  get size(): number {
    return this.#size;
  }

  /** Offsets of the parts, once all of them are durable. After it threw once the caller must abandon the segment. */
  async append(parts: readonly Uint8Array[]): Promise<number[]> {
    const offsets: number[] = [];
    let end = this.#size;
    for (const part of parts) {
      offsets.push(end);
      end += part.length;
    }
    await this.#file.write(parts, this.#size);
    await this.#file.datasync();
    this.#size = end;
    return offsets;
  }

  /** Closes the file. An error of close says nothing about what was already synced, and nothing hangs on it. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}

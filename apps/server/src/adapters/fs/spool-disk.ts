import { type FileHandle, open } from "node:fs/promises";

/** The few calls on which the spool's durability rests, apart so that a test can make each of them fail or lie. */
export interface SpoolDisk {
  /** Makes a new, empty file; fails where the name exists. */
  create(path: string): Promise<SpoolFile>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
}
export interface SpoolFile {
  /** Writes all bytes at `position`, or throws. */
  write(parts: readonly Uint8Array[], position: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export const nodeSpoolDisk: SpoolDisk = {
  async create(path) {
    return new NodeSpoolFile(await open(path, "wx", 0o600));
  },
  async syncFolder(path) {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

class NodeSpoolFile implements SpoolFile {
  readonly #handle: FileHandle;
  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<void> {
    let rest = parts.filter((part) => part.length > 0);
    let at = position;
    while (rest.length > 0) {
      // IOV_MAX is 1024; a short write is no error, the next round goes on behind it.
      let { bytesWritten } = await this.#handle.writev(rest.slice(0, 512), at);
      if (bytesWritten === 0) throw new Error("the disk took no bytes");
      at += bytesWritten;
      let whole = 0;
      while (whole < rest.length && bytesWritten >= (rest[whole]?.length ?? 0)) {
        bytesWritten -= rest[whole]?.length ?? 0;
        whole += 1;
      }
      rest = rest.slice(whole);
      if (bytesWritten > 0 && rest[0] !== undefined) rest[0] = rest[0].subarray(bytesWritten);
    }
  }

  async datasync(): Promise<void> {
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

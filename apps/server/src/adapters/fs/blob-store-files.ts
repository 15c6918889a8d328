import { type FileHandle, link, mkdir, open, unlink } from "node:fs/promises";

/**
 * The system calls that durability hangs on, in one place, so that the fault tests can break exactly one of them
 * (the control for each fault test is a store over a layer that lies).
 */
export interface FileLayer {
  create(path: string): Promise<FileHandle>;
  write(file: FileHandle, bytes: Uint8Array): Promise<void>;
  sync(file: FileHandle): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** True when this call made the folder. */
  makeFolder(path: string): Promise<boolean>;
  syncFolder(path: string): Promise<void>;
}

export const systemFiles: FileLayer = {
  create: (path) => open(path, "wx", 0o600),
  async write(file, bytes) {
    // A short write is not an error to the system (a full disk shows up that way first): go on until all is taken.
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  },
  sync: (file) => file.sync(),
  link,
  unlink,
  async makeFolder(path) {
    try {
      await mkdir(path, { mode: 0o700 });
      return true;
    } catch (error) {
      if (isSystemError(error, "EEXIST")) return false;
      throw error;
    }
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

export function isSystemError(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

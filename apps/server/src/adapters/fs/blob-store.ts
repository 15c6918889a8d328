import { createHash, randomUUID } from "node:crypto";
import { open, readdir, stat, statfs } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { BlobError, type BlobStore } from "../../ports/blob-store.ts";
import { type FileLayer, isSystemError, systemFiles } from "./blob-store-files.ts";
import { openIncoming } from "./blob-store-incoming.ts";
import { INCOMING, keyAt, placeOf } from "./blob-store-place.ts";

const READ_BYTES = 1 << 20;
/** Starts write-back early, so that the last fsync of a 64 MiB object has little left to do. */
const FLUSH_BYTES = 16 << 20;

export interface FsBlobStore extends BlobStore {
  /** Unfinished files of ended processes, removed at start. */
  readonly swept: number;
  close(): void;
}

/**
 * Objects as files below `root`. Reading back reopens the file and hashes it; it is served from the page cache where
 * the kernel has it there (leaving the cache out needs O_DIRECT, which Node does not offer), so it proves what the
 * file system will answer, not what the platter holds: `check` does that after the cache has turned over.
 */
export async function openFsBlobStore(root: string, files: FileLayer = systemFiles): Promise<FsBlobStore> {
  const incoming = openIncoming(root);
  await files.syncFolder(dirname(root));
  const durableFolders = new Map<string, Promise<void>>();

  /** A folder's own name must survive too: its parent is synced once per process, whoever made the folder. */
  function ensureFolder(path: string, parent: string): Promise<void> {
    let known = durableFolders.get(path);
    if (known === undefined) {
      known = files.makeFolder(path).then(() => files.syncFolder(parent));
      known.catch(() => durableFolders.delete(path));
      durableFolders.set(path, known);
    }
    return known;
  }

  async function put(
    key: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: { readBack?: "now" | "later"; sha256?: () => Uint8Array } = {},
  ): Promise<{ size: number; sha256: Uint8Array }> {
    const { folders, path } = placeOf(root, key);
    const temporary = join(incoming.folder, randomUUID());
    try {
      const written = await writeAside(files, temporary, bytes, options.sha256);
      let parent = root;
      for (const folder of folders) {
        await ensureFolder(folder, parent);
        parent = folder;
      }
      // link() refuses an existing name, so of two racing writers exactly one wins. rename() would overwrite.
      await files.link(temporary, path);
      try {
        await durably(() => files.syncFolder(parent));
        if (options.readBack !== "later") await compare(path, written);
      } catch (error) {
        // Nobody was told: the name goes again, and the bytes are asked for again.
        await files.unlink(path);
        throw error;
      }
      return written;
    } catch (error) {
      throw toBlobError(error, key);
    } finally {
      await files.unlink(temporary).catch(() => undefined); // the sweep at the next start removes it
    }
  }

  async function* get(
    key: string,
    range: { start: number; length?: number } = { start: 0 },
  ): AsyncIterable<Uint8Array> {
    const { path } = placeOf(root, key);
    const file = await open(path, "r").catch((error: unknown) => {
      throw toBlobError(error, key);
    });
    try {
      const { size } = await file.stat();
      const end = range.length === undefined ? size : range.start + range.length;
      if (range.start < 0 || end < range.start || end > size)
        throw new BlobError("out-of-range", `bytes ${range.start} to ${end} of an object of ${size}`);
      for (let at = range.start; at < end;) {
        const wanted = Math.min(READ_BYTES, end - at);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, at);
        if (bytesRead === 0) throw new BlobError("unavailable", "the object became shorter while it was read");
        yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } catch (error) {
      throw toBlobError(error, key);
    } finally {
      await file.close();
    }
  }

  async function size(key: string): Promise<number> {
    const { path } = placeOf(root, key);
    return await stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        throw toBlobError(error, key);
      },
    );
  }

  async function* list(): AsyncIterable<{ key: string; size: number; modifiedAt: number }> {
    const folders = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !(folder === root && entry.name === INCOMING)) folders.push(path);
        const key = entry.isFile() ? keyAt(relative(root, path).split(sep)) : null;
        if (key === null) continue;
        // It may be removed between the listing and the look: then it is no object any more.
        const found = await stat(path).catch(() => null);
        if (found !== null) yield { key, size: found.size, modifiedAt: found.mtimeMs };
      }
    }
  }

  async function remove(key: string): Promise<void> {
    const { path, folders } = placeOf(root, key);
    try {
      await files.unlink(path);
      await files.syncFolder(folders[folders.length - 1] ?? root);
    } catch (error) {
      throw toBlobError(error, key);
    }
  }

  async function free(): Promise<{ free: number; total: number }> {
    const found = await statfs(root);
    return { free: found.bavail * found.bsize, total: found.blocks * found.bsize };
  }

  return { put, get, size, list, remove, free, swept: incoming.swept, close: () => incoming.close() };
}

/**
 * Writes and syncs a new file. Where its hash is not `known` to the caller, a piece is hashed while it is being written;
 * it is done with before the next is taken.
 */
async function writeAside(
  files: FileLayer,
  path: string,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  known?: () => Uint8Array,
): Promise<{ size: number; sha256: Uint8Array }> {
  const hash = createHash("sha256");
  const file = await files.create(path);
  let flushing: Promise<void> = Promise.resolve();
  let size = 0;
  let unflushed = 0;
  try {
    for await (const piece of bytes) {
      const writing = files.write(file, piece);
      if (known === undefined) hash.update(piece);
      size += piece.length;
      unflushed += piece.length;
      await writing;
      if (unflushed < FLUSH_BYTES) continue;
      unflushed = 0;
      await flushing;
      flushing = durably(() => files.sync(file)); // runs beside the writes that follow
      flushing.catch(() => undefined); // seen at the next await; without this Node would end the process first
    }
    await flushing;
    // One try. A second fsync after a failed one can answer "fine" over lost pages.
    await durably(() => files.sync(file));
  } finally {
    await flushing.catch(() => undefined);
    await file.close();
  }
  return { size, sha256: known === undefined ? hash.digest() : known() };
}

async function durably(sync: () => Promise<void>): Promise<void> {
  try {
    await sync();
  } catch (cause) {
    throw new BlobError("not-durable", "the disk did not confirm that it holds the bytes", cause);
  }
}

async function compare(path: string, written: { size: number; sha256: Uint8Array }): Promise<void> {
  const hash = createHash("sha256");
  let size = 0;
  const file = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, size);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
  } finally {
    await file.close();
  }
  if (size !== written.size || !hash.digest().equals(written.sha256))
    throw new BlobError("mismatch", "what was read back is not what was written");
}

function toBlobError(error: unknown, key: string): unknown {
  if (isSystemError(error, "ENOENT")) return new BlobError("missing", `no object ${key}`, error);
  if (isSystemError(error, "EEXIST")) return new BlobError("exists", `object ${key} exists`, error);
  if (isSystemError(error, "ENOSPC", "EDQUOT", "EFBIG")) return new BlobError("full", "the disk is full", error);
  if (isSystemError(error, "EIO", "EROFS")) return new BlobError("not-durable", "the disk failed", error);
  if (isSystemError(error, "EMFILE", "ENFILE", "EACCES", "EPERM"))
    return new BlobError("unavailable", "the object store cannot be reached", error);
  return error; // the source's own failure, or a BlobError already
}

import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";

export interface ScratchOptions {
  /** A tmpfs, normally /dev/shm. */
  readonly memory: string;
  /** Where to go when memory is short: a folder in the data home. */
  readonly disk: string;
  /** Most bytes in memory at once, over all jobs of this process. */
  readonly maxMemory: number;
  /** Who decodes, when it is not this process's own user. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/** One job's folder. Files in it are ours to name; what is written through here is overwritten on disk at the end. */
export interface ScratchFolder {
  readonly path: string;
  /** A file of `size` logical bytes; only the ranges written take room. */
  create(name: string, size: number): Promise<ScratchFile>;
}
export interface ScratchFile {
  readonly path: string;
  write(at: number, bytes: Uint8Array): Promise<void>;
  /** Hands the file to the decoder's user, read only. Write nothing afterwards. */
  finish(): Promise<void>;
}
export interface Scratch {
  /** Runs `work` in a fresh folder with room for `bytes`, and wipes it whatever happens. */
  use<T>(bytes: number, work: (folder: ScratchFolder) => Promise<T>): Promise<T>;
}

const PREFIX = "sworn-scratch-";
const TMPFS = 0x01021994;

/** Plaintext of evidence lives only here and only for one job. Wipes what a killed process left behind. */
export async function openScratch(options: ScratchOptions): Promise<Scratch> {
  await mkdir(options.disk, { recursive: true, mode: 0o700 });
  for (const root of [options.memory, options.disk]) await wipeLeftovers(root);
  let reserved = 0;
  return {
    async use(bytes, work) {
      const inMemory = reserved + bytes <= options.maxMemory && (await hasRoom(options.memory, bytes));
      if (inMemory) reserved += bytes;
      const written: { path: string; at: number; size: number }[] = [];
      const path = join(
        inMemory ? options.memory : options.disk,
        `${PREFIX}${process.pid}-${randomBytes(9).toString("hex")}`,
      );
      try {
        await mkdir(path, { mode: 0o700 });
        if (options.user !== null) await chown(path, options.user.uid, options.user.gid);
        return await work(folderAt(path, options.user, written));
      } finally {
        if (!inMemory) await overwrite(written);
        await rm(path, { recursive: true, force: true });
        if (inMemory) reserved -= bytes;
      }
    },
  };
}

function folderAt(
  path: string,
  user: ScratchOptions["user"],
  written: { path: string; at: number; size: number }[],
): ScratchFolder {
  return {
    path,
    async create(name, size) {
      const file = join(path, name);
      const handle = await open(file, "wx", 0o600);
      await handle.truncate(size);
      return {
        path: file,
        async write(at, bytes) {
          written.push({ path: file, at, size: bytes.length });
          for (let done = 0; done < bytes.length;)
            done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
        },
        async finish() {
          await handle.close();
          await chmod(file, 0o400);
          if (user !== null) await chown(file, user.uid, user.gid);
        },
      };
    },
  };
}

/** Removing a name leaves the blocks on a disk; memory keeps nothing. Holes of sparse files are left as holes. */
async function overwrite(written: readonly { path: string; at: number; size: number }[]): Promise<void> {
  const zeroes = new Uint8Array(1024 * 1024);
  for (const path of new Set(written.map((range) => range.path))) {
    try {
      await chmod(path, 0o600);
      const handle = await open(path, "r+");
      try {
        for (const range of written.filter((each) => each.path === path))
          for (let at = range.at; at < range.at + range.size; at += zeroes.length)
            await handle.write(zeroes, 0, Math.min(zeroes.length, range.at + range.size - at), at);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    } catch {
      // The disk that cannot be written cannot be wiped either; the name still goes.
    }
  }
}

async function hasRoom(root: string, bytes: number): Promise<boolean> {
  try {
    const fs = await statfs(root);
    // Twice the room: the machine's other programs share this memory.
    return fs.type === TMPFS && fs.bavail * fs.bsize >= bytes * 2;
  } catch {
    return false;
  }
}

/** Folders of processes that are gone. A running neighbour's are its own. */
async function wipeLeftovers(root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-[0-9a-f]{18}$`).exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue;
    const folder = join(root, name);
    for (const file of await readdir(folder).catch(() => [])) {
      const path = join(folder, file);
      const { size, blocks } = await stat(path);
      // Which ranges of a sparse file held anything is not known any more; zeroing its holes could fill the disk.
      if (blocks * 512 >= size) await overwrite([{ path, at: 0, size }]);
    }
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { takeKernelLock } from "../data-home/index.ts";
import { INCOMING } from "./blob-store-place.ts";

export interface Incoming {
  /** This process's own folder for files that are not objects yet. */
  readonly folder: string;
  /** Leftovers of ended processes that were removed. */
  readonly swept: number;
  close(): void;
}

/**
 * A folder of our own under `.incoming`, held by a kernel lock for as long as we live. Folders whose lock is free
 * belong to a process that ended: what lies in them was never acknowledged and is removed. Another process's files
 * in flight are left alone, because its lock is held.
 */
export function openIncoming(root: string): Incoming {
  const parent = join(root, INCOMING);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const swept = sweep(parent);
  for (;;) {
    const name = randomUUID();
    const file = join(parent, `${name}.lock`);
    const lock = takeKernelLock(file, "objects being written");
    if (lock === null) continue; // a sweeper looked at it in this very moment
    const folder = join(parent, name);
    mkdirSync(folder, { mode: 0o700 });
    return {
      folder,
      swept,
      close() {
        rmSync(folder, { recursive: true, force: true });
        rmSync(file, { force: true });
        lock.release();
      },
    };
  }
}

function sweep(parent: string): number {
  let swept = 0;
  for (const entry of readdirSync(parent)) {
    if (!entry.endsWith(".lock")) continue;
    const file = join(parent, entry);
    const lock = takeKernelLock(file, "sweeping leftovers");
    if (lock === null) continue;
    const folder = join(parent, entry.slice(0, -".lock".length));
    swept += countFiles(folder);
    rmSync(folder, { recursive: true, force: true });
    rmSync(file, { force: true });
    lock.release();
  }
  return swept;
}

function countFiles(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0; // its process ended between taking the lock and making the folder
  }
}

import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

import { DataHomeError, type LockHolder } from "./data-home-error.ts";

export interface KernelLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Takes an exclusive flock(2) on `file`, or returns null when another process has it. Does not wait.
 *
 * Node has no flock, but a lock belongs to the open file description, so flock(1) can take it on a
 * descriptor that it inherits from us; it stays ours after that child has ended. The kernel lets go when
 * our process ends, however it ends: there is no stale lock to judge, no process id to mistake for
 * another's after a reboot, and two containers on one volume exclude each other too.
 */
export function takeKernelLock(file: string, purpose: string): KernelLock | null {
  const fd = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const done = spawnSync("flock", ["-x", "-n", "3"], {
    stdio: ["ignore", "ignore", "ignore", fd],
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/bin:/bin` },
  });
  if (done.status !== 0) {
    closeSync(fd);
    if (done.error !== undefined) {
      throw new DataHomeError("lock-tool-missing", `flock (package util-linux) cannot be run: ${done.error.message}`);
    }
    return null;
  }
  const holder: LockHolder = { pid: process.pid, purpose, since: new Date().toISOString() };
  ftruncateSync(fd);
  writeSync(fd, `${JSON.stringify(holder)}\n`, 0);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      // The file stays: removing it would let a third process lock a new file while a second one waits
      // on the old.
      closeSync(fd);
    },
  };
}

/** Who holds the lock, from what it wrote; null when that cannot be told. */
export function readLockHolder(file: string): LockHolder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value !== "object" || value === null) return null;
    if (!("pid" in value && "purpose" in value && "since" in value)) return null;
    const { pid, purpose, since } = value;
    if (typeof pid !== "number" || typeof purpose !== "string" || typeof since !== "string") return null;
    // The winner of a close race may not have written yet: better no name than the name of the last one.
    return existsSync(`/proc/${pid}`) ? { pid, purpose, since } : null;
  } catch {
    return null;
  }
}

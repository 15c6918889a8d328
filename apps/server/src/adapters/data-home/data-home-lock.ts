import { join } from "node:path";

import { DataHomeError } from "./data-home-error.ts";
import { type KernelLock, readLockHolder, takeKernelLock } from "./kernel-lock.ts";
import type { DataHome } from "./prepare.ts";

/**
 * The right to run on this data home, held for the life of the process. Of two that start at once exactly
 * one gets it; the other is told who has it (`data-home-held`). Ends with the process, also by kill -9.
 *
 * @param purpose what holds it, in words that the loser can be shown, such as "sworn serve"
 */
export function lockDataHome(home: DataHome, purpose: string): KernelLock {
  const file = join(home.path, "lock");
  const lock = takeKernelLock(file, purpose);
  if (lock !== null) return lock;
  const holder = readLockHolder(file);
  const who = holder === null ? "another process" : `${holder.purpose}, process ${holder.pid}, since ${holder.since}`;
  throw new DataHomeError("data-home-held", `The data home ${home.path} is in use by ${who}.`, holder);
}

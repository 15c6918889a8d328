import { Problem } from "@sworn/contract";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";

export interface ReserveLimits {
  readonly minFreeBytes: number;
  /** Of the whole disk, 0 to 1. */
  readonly minFreeShare: number;
}
export const defaultReserve: ReserveLimits = { minFreeBytes: 2 * 2 ** 30, minFreeShare: 0.05 };

export interface DiskReserve {
  /** Throws `disk-full` when `bytes` more would eat what the log and the database need to go on. */
  assertRoom(bytes?: number): Promise<void>;
}

const CACHED_MS = 1000;

/** Asks the store at most once a second, however many cameras send. */
export function makeDiskReserve(
  deps: { blobStore: BlobStore; clock: Clock },
  limits: ReserveLimits = defaultReserve,
): DiskReserve {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: ReturnType<BlobStore["free"]> = Promise.resolve(null);
  return {
    async assertRoom(bytes = 0) {
      if (deps.clock.monotonic() - asked >= CACHED_MS) {
        asked = deps.clock.monotonic();
        answer = deps.blobStore.free();
      }
      const space = await answer;
      if (space === null) return;
      const left = space.free - bytes;
      if (left < limits.minFreeBytes || left < space.total * limits.minFreeShare) throw new Problem("disk-full");
    },
  };
}

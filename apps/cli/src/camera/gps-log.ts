import { readFile } from "node:fs/promises";
import type { Fix } from "@sworn/contract";
import { readNmea } from "@sworn/core";
import { UsageError } from "../command.ts";

/** Fixes of an NMEA file, handed out in step with the picture: the file's first moment is the recording's start. */
export class GpsLog {
  readonly #fixes: readonly Fix[];
  #next = 0;
  private constructor(fixes: readonly Fix[]) {
    this.#fixes = fixes;
  }

  static async open(path: string | undefined): Promise<GpsLog> {
    if (path === undefined) return new GpsLog([]);
    const text = await readFile(path, "latin1").catch((error: Error) => {
      throw new UsageError(`The positions in ${path} cannot be read: ${error.message}`);
    });
    const { fixes } = readNmea(text);
    if (fixes.length === 0) throw new UsageError(`${path} holds no NMEA position.`);
    return new GpsLog(fixes);
  }

  get size(): number {
    return this.#fixes.length;
  }

  /** Fixes up to `untilMs` of the recording that were not handed out before, their offsets counted from `takeStartMs`. */
  take(untilMs: number, takeStartMs: number): Fix[] {
    const due: Fix[] = [];
    for (
      let fix = this.#fixes[this.#next];
      fix !== undefined && fix.offsetMs < untilMs;
      fix = this.#fixes[this.#next]
    ) {
      if (fix.offsetMs >= takeStartMs) due.push({ ...fix, offsetMs: fix.offsetMs - takeStartMs });
      this.#next += 1;
    }
    return due;
  }
}

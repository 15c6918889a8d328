import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdtempSync, openSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system in memory of a fixed size that can be filled to the last byte. Needs root. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all room but `leave` bytes. */
  fill(leave: number): void;
  empty(): void;
  unmount(): void;
}

export function mountSmallDisk(bytes: number): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), "sworn-small-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes},mode=0711`, "tmpfs", path]);
  if (mounted.status !== 0) {
    rmdirSync(path);
    return null;
  }
  chmodSync(path, 0o711);
  const ballast = join(path, "ballast");
  return {
    path,
    fill(leave) {
      const free = Number(execFileSync("df", ["--output=avail", "-B1", path]).toString().split("\n")[1]);
      closeSync(openSync(ballast, "a"));
      if (free > leave) spawnSync("fallocate", ["-l", String(free - leave), ballast]);
    },
    empty: () => rmSync(ballast, { force: true }),
    unmount() {
      spawnSync("umount", ["-l", path]);
      rmdirSync(path);
    },
  };
}

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** One fault: the `when`-th such call of each thread fails, or ends the process. */
export interface CallFault {
  readonly call: string;
  readonly fault: "EIO" | "ENOSPC" | "KILL";
  readonly when: number;
}

/**
 * The calls that intake's files hang on. `write` is left out: sockets and the event loop's own wake-ups use it too, and
 * a failing one says nothing about the disk.
 */
export const faultCalls = ["fsync", "fdatasync", "pwrite64", "pwritev", "link", "unlink", "mkdir", "openat"] as const;

export const straceIsThere = (): boolean =>
  existsSync("/usr/bin/strace") && spawnSync("strace", ["-V"], { stdio: "ignore" }).status === 0;

/**
 * Attaches to a running server, its database not included (that is a process of its own, and has its own faults), and
 * injects; `detach` answers how often a fault struck. With UV_THREADPOOL_SIZE=1 in the server `when` counts exactly; the event loop's own thread counts apart.
 */
export async function injectInto(pid: number, fault: CallFault): Promise<{ detach(): Promise<number> }> {
  const folder = mkdtempSync(join(tmpdir(), "sworn-strace-"));
  const log = join(folder, "log");
  const effect = fault.fault === "KILL" ? "signal=KILL" : `error=${fault.fault}`;
  const args = ["-f", "-qq", "-o", log, "-e", `trace=${fault.call}`];
  args.push("-e", `inject=${fault.call}:${effect}:when=${fault.when}`, "-p", String(pid));
  const child = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  await sleep(150); // it says nothing when it is there
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`strace: ${said}`);
  return {
    async detach() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGINT");
        await ended;
      }
      const lines = readFileSync(log, "utf8").split("\n");
      rmSync(folder, { recursive: true });
      // A process that is killed inside the call leaves no result to mark: the call stands there unfinished.
      return lines.filter((line) => line.includes("(INJECTED)") || /killed by SIGKILL/.test(line)).length;
    },
  };
}

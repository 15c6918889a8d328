import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";

export interface LoopReport {
  /** Milliseconds of each answer of /healthz. */
  readonly waits: number[];
  readonly failed: number;
}

/** Pings a server from a second process until it is stopped. */
export function watchLoop(url: string): { stop(): Promise<LoopReport> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, "ping.ts"), url], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  return {
    async stop() {
      child.stdin.write("end\n");
      return JSON.parse(await text(child.stdout)) as LoopReport;
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import type { Binaries } from "./binaries.ts";
import type { Cluster } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { readPostmasterFile } from "./postmaster.ts";
import type { Runner } from "./runner.ts";
import { spawnAs } from "./spawn-as.ts";

export interface PostmasterProcess {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<string>;
  /** Resolves once connections are taken. */
  ready(): Promise<void>;
  /** Fast shutdown, then immediate, then the kernel's. Idempotent. */
  stop(): Promise<void>;
}

const SETPRIV = "/usr/bin/setpriv";
const FAST_MS = 10_000;
const IMMEDIATE_MS = 5_000;
/** Replaying a gigabyte of log after a loss of power takes minutes on a slow disk, not an error. */
const RECOVERY_MS = 15 * 60_000;

export function spawnPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  runner: Runner,
  settings: string[],
  log: { warn(message: string): void },
): PostmasterProcess {
  const command = [binaries.postgres, "-D", cluster.dataDir, ...settings];
  // The kernel asks PostgreSQL for a fast shutdown when we end without having stopped it. Where setpriv is
  // missing the next start cleans up instead.
  if (existsSync(SETPRIV)) command.unshift(SETPRIV, "--pdeathsig", "INT", "--");
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    ...spawnAs(runner),
    stdio: ["ignore", "ignore", "pipe"],
    // A session of its own: Ctrl-C in our terminal is for us, and the database must outlast our last writes.
    detached: true,
  });
  const complaints = tail(child);
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  const ended = (ms: number): Promise<boolean> =>
    Promise.race([exited.then(() => true), sleep(ms, false, { ref: false })]);

  return {
    pid: child.pid ?? -1,
    exited,
    async ready() {
      const started = Date.now();
      for (let told = 0; ; await sleep(5)) {
        const file = readPostmasterFile(cluster.dataDir);
        if (file?.pid === child.pid && file?.status === "ready") return;
        if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
          throw new EmbeddedPostgresError(
            "start-failed",
            `The database ended while starting (${await exited}). ${complaints()} Its log: ${cluster.logDir}`,
          );
        }
        const waited = Date.now() - started;
        if (waited > RECOVERY_MS) {
          throw new EmbeddedPostgresError(
            "start-failed",
            `The database is not ready after ${RECOVERY_MS / 60_000} minutes. Its log: ${cluster.logDir}`,
          );
        }
        if (waited > (told + 1) * 10_000) {
          told += 1;
          log.warn(`The database is recovering, for ${told * 10} s now.`);
        }
      }
    },
    async stop() {
      child.kill("SIGINT");
      if (await ended(FAST_MS)) return;
      log.warn("The database does not stop; asking for an immediate shutdown.");
      child.kill("SIGQUIT");
      if (await ended(IMMEDIATE_MS)) return;
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The last words on standard error, where PostgreSQL speaks before its log is open. */
function tail(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-2_000);
  });
  return () => text.trim();
}

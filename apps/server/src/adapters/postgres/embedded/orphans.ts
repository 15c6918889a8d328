import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Cluster } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { isPostmaster, processesOfCluster, readPostmasterFile } from "./postmaster.ts";
import { removeSocketDir } from "./socket-dir.ts";

/**
 * Ends what a killed server left behind, so that a start always begins from nothing. Stopping and starting
 * anew was chosen over adopting: it costs a tenth of a second, and a database that one did not start has
 * settings, a socket and a parent that one did not choose. Call only under the lock.
 */
export async function clearOrphans(cluster: Cluster, log: { warn(message: string): void }): Promise<void> {
  const left = readPostmasterFile(cluster.dataDir);
  const alive = (): number[] => processesOfCluster(cluster);
  if (alive().length > 0) {
    log.warn("A database was left over from a server that ended abruptly; stopping it.");
    // Fast, then immediate (recovers from its log at the next start), then what nothing can refuse. Little patience with
    // the first: a PostgreSQL 18 that was recovering from a killed backend when it was told to stop never does, and every
    // second of waiting is one without a server. What immediate leaves undone is a replay of the log.
    for (const [signal, patience] of [
      ["SIGINT", 2_000],
      ["SIGQUIT", 5_000],
      ["SIGKILL", 5_000],
    ] as const) {
      for (const pid of alive()) {
        // A backend takes SIGINT as "cancel the query"; it follows its postmaster.
        if (signal !== "SIGINT" || isPostmaster(pid, cluster)) send(pid, signal);
      }
      if (await until(() => alive().length === 0, patience)) break;
    }
    if (alive().length > 0) {
      throw new EmbeddedPostgresError(
        "orphan-alive",
        `A left-over database cannot be stopped: processes ${alive().join(", ")}`,
      );
    }
  }
  // Nothing of this cluster is alive, so whatever process the file names now is somebody else's; PostgreSQL
  // would refuse to start over an empty file, or over a number that is in use again.
  rmSync(join(cluster.dataDir, "postmaster.pid"), { force: true });
  if (left !== null) removeSocketDir(left.socketDir);
}

async function until(done: () => boolean, patienceMs: number): Promise<boolean> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(20)) {
    if (done()) return true;
  }
  return done();
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ended in between
  }
}

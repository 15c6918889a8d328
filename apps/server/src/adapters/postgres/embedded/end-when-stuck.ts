import type { Cluster } from "./cluster.ts";
import { tasksOfCluster } from "./postmaster.ts";

const EVERY_MS = 4_000;
/** Restarting after a crash takes PostgreSQL up to 5 s in which neither process is there; a slow machine some more. */
const LOOKS = 4;

/**
 * Ends a database that will never take a connection again, so that its server ends too and is started anew.
 *
 * Seen with PostgreSQL 18.4: when one of its processes is killed while it recovers from the kill of another, the
 * postmaster stays, refuses everybody with "in recovery mode", and recovers nothing. A recovery that works has its
 * "startup" process for as long as it takes; a database that is up has its "walwriter". Neither, for a while: stuck.
 *
 * @returns stops watching; to be called before an orderly stop
 */
export function endWhenStuck(
  cluster: Cluster,
  postmaster: { readonly pid: number; readonly exited: Promise<string> },
  log: { warn(message: string): void },
  everyMs = EVERY_MS,
): () => void {
  let looks = 0;
  const look = (): void => {
    const works = tasksOfCluster(cluster).some((task) => task.startsWith("startup") || task.startsWith("walwriter"));
    looks = works ? 0 : looks + 1;
    if (looks < LOOKS) return;
    stop();
    log.warn("The database neither works nor recovers; ending it. It loses nothing that was committed.");
    try {
      // Its other processes notice and follow; what it was told kindly it would not hear.
      process.kill(postmaster.pid, "SIGKILL");
    } catch {
      // ended in between
    }
  };
  const timer = setInterval(look, everyMs).unref();
  const stop = (): void => clearInterval(timer);
  void postmaster.exited.then(stop);
  return stop;
}

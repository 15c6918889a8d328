import { existsSync } from "node:fs";

import { clusterOf, DATABASE, OWNER } from "./cluster.ts";

import { isPostmaster, readPostmasterFile } from "./postmaster.ts";
import { resolveRunner } from "./runner.ts";
import { PORT } from "./socket-dir.ts";
import type { OwnerConnection } from "./start.ts";

/**
 * How to reach the database of a server that is running on this data home, for commands beside it; null
 * when none takes connections. Starts and stops nothing.
 */
export function connectRunningPostgres(dataHome: string): OwnerConnection | null {
  if (!existsSync(dataHome)) return null;
  const cluster = clusterOf(dataHome, resolveRunner().uid);
  const file = readPostmasterFile(cluster.dataDir);
  if (file === null || file.status !== "ready" || !isPostmaster(file.pid, cluster)) return null;
  return { host: file.socketDir, port: PORT, user: OWNER, database: DATABASE };
}

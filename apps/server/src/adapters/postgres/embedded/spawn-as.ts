import type { Runner } from "./runner.ts";

export interface SpawnAs {
  uid?: number;
  gid?: number;
  cwd: string;
  env: Record<string, string>;
}

/**
 * Options for a child of PostgreSQL: its user, a working directory that this user may be in, and nothing
 * of our environment, where PG… variables and secrets may stand.
 */
export function spawnAs(runner: Runner): SpawnAs {
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC" };
  if (!runner.foreign) return { cwd: "/", env };
  return { uid: runner.uid, gid: runner.gid, cwd: "/", env };
}

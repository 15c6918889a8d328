import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Contents of PostgreSQL's postmaster.pid, which it keeps in its data folder while it runs. */
export interface PostmasterFile {
  readonly pid: number;
  readonly socketDir: string;
  /** "ready" once connections are taken; otherwise "starting", "stopping" or "standby". */
  readonly status: string;
}

/** Null when there is none, or when it was cut short by a loss of power. */
export function readPostmasterFile(dataDir: string): PostmasterFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return { pid, socketDir: lines[4] ?? "", status: (lines[7] ?? "").trim() };
}

/**
 * Process ids of a cluster that are alive: its postmaster and the backends that may outlive it. Told by
 * command line and user, not by a number in a file: after a reboot that number is somebody else's.
 * Command lines are readable to all, where /proc/<pid>/exe and cwd need a capability that root in a
 * container does not have.
 */
export function processesOfCluster(cluster: { dataDir: string; name: string; uid: number }): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && belongs(pid, cluster));
}

/** What the cluster's processes besides the postmaster do, in PostgreSQL's words: "startup recovering …", "walwriter". */
export function tasksOfCluster(cluster: { dataDir: string; name: string; uid: number }): string[] {
  const title = `postgres: ${cluster.name}: `;
  return processesOfCluster(cluster)
    .map((pid) => commandLine(pid)[0] ?? "")
    .filter((words) => words.startsWith(title))
    .map((words) => words.slice(title.length).trim());
}

export function isPostmaster(pid: number, cluster: { dataDir: string; uid: number }): boolean {
  return ownedBy(pid, cluster.uid) && isPostmasterOf(commandLine(pid), cluster.dataDir);
}

function belongs(pid: number, cluster: { dataDir: string; name: string; uid: number }): boolean {
  const words = commandLine(pid);
  const backend = words[0]?.startsWith(`postgres: ${cluster.name}: `) ?? false;
  return (backend || isPostmasterOf(words, cluster.dataDir)) && ownedBy(pid, cluster.uid);
}

function isPostmasterOf(words: string[], dataDir: string): boolean {
  const program = words[0] ?? "";
  return program.endsWith("/bin/postgres") && words[1] === "-D" && words[2] === dataDir;
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // ended in between
  }
}

function ownedBy(pid: number, uid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === uid;
  } catch {
    return false;
  }
}

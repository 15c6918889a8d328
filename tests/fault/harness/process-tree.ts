import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A process and everything that descends from it, itself first. Also finds what runs as another user. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    const parent = Number.isInteger(pid) ? parentOf(pid) : null;
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  // The list grows while it is walked: children of children.
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return null; // ended in between
  }
}

/** The embedded database's own process, from the file that it keeps in its data folder; null while there is none. */
export function postmasterOf(home: string, tree: readonly number[]): number | null {
  for (const folder of ["pg/data", "pg"]) {
    try {
      const pid = Number(readFileSync(join(home, folder, "postmaster.pid"), "utf8").split("\n")[0]);
      // Only one that descends from our server: a number in an old file may be anybody's now.
      if (tree.includes(pid)) return pid;
    } catch {
      // not there
    }
  }
  return null;
}

/** kill -9. What is gone already is no error. */
export function killNow(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // ended in between
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}

/** Resident memory in bytes, or null once the process is gone. */
export function residentBytes(pid: number): number | null {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line?.[1] === undefined ? null : Number(line[1]) * 1024;
  } catch {
    return null;
  }
}

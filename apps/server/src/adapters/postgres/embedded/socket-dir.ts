import { createHash } from "node:crypto";
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import type { Cluster } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import type { Runner } from "./runner.ts";

/** The number is part of the socket's file name only; nothing listens on a network. */
export const PORT = 5432;
const SOCKET_FILE = `.s.PGSQL.${PORT}`;
const OUTSIDE_PREFIX = "sworn-";
/** sockaddr_un holds 108 bytes with the final zero. */
const LONGEST_PATH = 107;

/**
 * A folder that only the runner (and root) can enter, with a path short enough for a socket: beside the
 * data, else, where that is too long, in a run-time folder of the system, else a fresh one in the
 * temporary folder.
 */
export function makeSocketDir(cluster: Cluster, runner: Runner): string {
  const short = OUTSIDE_PREFIX + createHash("sha256").update(cluster.dataDir).digest("hex").slice(0, 12);
  const runtime = process.env["XDG_RUNTIME_DIR"];
  const candidates = [join(cluster.folder, "run")];
  if (runner.foreign) candidates.push(join("/run", short));
  else if (runtime !== undefined && runtime !== "") candidates.push(join(runtime, short));
  for (const path of candidates) {
    if (fits(path) && claim(path, runner)) return path;
  }
  // A guessable name in a folder that all can write to could be taken first: hence a random one.
  const path = mkdtempSync(join(tmpdir(), OUTSIDE_PREFIX));
  if (fits(path) && claim(path, runner)) return path;
  throw new EmbeddedPostgresError(
    "socket-dir",
    `No place for the database's socket: the paths ${[...candidates, path].join(", ")} are longer than a socket allows or not ours.`,
  );
}

/**
 * Removes a socket and, when it lies outside the data home, its folder. Never recursive: the path may come
 * from a file that the database's user can write, and we may be root.
 */
export function removeSocketDir(path: string): void {
  if (path === "") return;
  rmSync(join(path, SOCKET_FILE), { force: true });
  rmSync(join(path, `${SOCKET_FILE}.lock`), { force: true });
  if (!basename(path).startsWith(OUTSIDE_PREFIX)) return;
  try {
    rmdirSync(path);
  } catch {
    // gone already, or it holds something that is not ours
  }
}

function fits(path: string): boolean {
  return Buffer.byteLength(join(path, `${SOCKET_FILE}.lock`)) <= LONGEST_PATH;
}

/** Creates the folder or accepts one that is already exactly right; whether it is ours now. */
function claim(path: string, runner: Runner): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    own(path, runner);
  } catch {
    // it exists, or cannot be made; what counts is what is there now
  }
  try {
    const found = lstatSync(path);
    if (!found.isDirectory()) return false;
    if (found.uid === process.getuid?.()) own(path, runner);
    const now = lstatSync(path);
    return now.uid === runner.uid && (now.mode & 0o777) === 0o700;
  } catch {
    return false;
  }
}

function own(path: string, runner: Runner): void {
  chmodSync(path, 0o700);
  if (runner.foreign) chownSync(path, runner.uid, runner.gid);
}

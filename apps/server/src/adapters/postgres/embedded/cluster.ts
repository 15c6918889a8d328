import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import type { Binaries } from "./binaries.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import type { Runner } from "./runner.ts";
import { spawnAs } from "./spawn-as.ts";

/** One database cluster and where its parts lie. */
export interface Cluster {
  /** `<data home>/pg`; ours, also where the database's user is another. */
  readonly folder: string;
  /** PostgreSQL's own; 0700 of its user. */
  readonly dataDir: string;
  readonly logDir: string;
  readonly etcDir: string;
  readonly lockFile: string;
  /** Stands in the title of each of its processes. */
  readonly name: string;
  readonly uid: number;
}

export const DATABASE = "sworn";
/** The role that owns everything: for set-up and migrations only. */
export const OWNER = "sworn_owner";
const MAJOR = "18";

/** Only names; nothing is read or written but the data home's real path. */
export function clusterOf(dataHome: string, uid: number): Cluster {
  // Processes are recognised by this path: two spellings of it must not make two clusters.
  const folder = join(realpathSync(dataHome), "pg");
  const dataDir = join(folder, "data");
  return {
    folder,
    dataDir,
    logDir: join(folder, "log"),
    etcDir: join(folder, "etc"),
    lockFile: join(folder, "lock"),
    name: `sworn-${createHash("sha256").update(dataDir).digest("hex").slice(0, 12)}`,
    uid,
  };
}

/** Creates what is missing of the folders. */
export function makeFolders(cluster: Cluster, runner: Runner): void {
  mkdirSync(cluster.folder, { recursive: true });
  chmodSync(cluster.folder, runner.foreign ? 0o711 : 0o700);
  if (!existsSync(cluster.logDir)) makeRunnersFolder(cluster.logDir, runner);
}

/** Creates the database where there is none yet; checks the one that is there. */
export async function ensureCluster(cluster: Cluster, binaries: Binaries, runner: Runner): Promise<void> {
  const version = join(cluster.dataDir, "PG_VERSION");
  if (!existsSync(version)) return await initialise(cluster, binaries, runner);
  const found = readFileSync(version, "utf8").trim();
  if (found !== MAJOR) {
    throw new EmbeddedPostgresError(
      "data-version",
      `The database in ${cluster.dataDir} is of PostgreSQL ${found}; this is ${MAJOR}.`,
    );
  }
  const { uid } = statSync(cluster.dataDir);
  if (uid !== runner.uid) {
    throw new EmbeddedPostgresError(
      "data-owner",
      `The database in ${cluster.dataDir} belongs to user id ${uid}, but would run as ${runner.name} (${runner.uid}). Start as the user that created it.`,
    );
  }
}

/** Beside its final place and then renamed: a set-up that was killed half-way leaves no half database. */
async function initialise(cluster: Cluster, binaries: Binaries, runner: Runner): Promise<void> {
  const fresh = join(cluster.folder, "data.new");
  rmSync(fresh, { recursive: true, force: true });
  makeRunnersFolder(fresh, runner);
  const options = [
    ["-D", fresh, "-U", OWNER, "--auth=peer", "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8"],
    // Sorting built into PostgreSQL: an upgrade of the system's C library cannot break an index.
    ["--locale-provider=builtin", "--set", "timezone=UTC"],
  ].flat();
  await succeed(spawnText(binaries.initdb, options, runner));
  const create = spawnText(binaries.postgres, ["--single", "-D", fresh, "postgres"], runner);
  create.child.stdin?.end(`CREATE DATABASE ${DATABASE};\n`);
  await succeed(create);
  renameSync(fresh, cluster.dataDir);
}

const executeFile = promisify(execFile);

function spawnText(program: string, args: string[], runner: Runner): ReturnType<typeof executeFile> {
  return executeFile(program, args, { ...spawnAs(runner), encoding: "utf8" });
}

async function succeed(process: Promise<unknown>): Promise<void> {
  try {
    await process;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EmbeddedPostgresError("init-failed", `The database could not be created: ${why}`);
  }
}

function makeRunnersFolder(path: string, runner: Runner): void {
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
  if (runner.foreign) chownSync(path, runner.uid, runner.gid);
}

import { takeKernelLock } from "../../data-home/index.ts";
import { type BinaryPackage, findBinaryPackage, placeBinaries } from "./binaries.ts";
import { clusterOf, DATABASE, ensureCluster, makeFolders, OWNER } from "./cluster.ts";
import { writeConfiguration } from "./configuration.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { boundLogFolder } from "./log-folder.ts";
import { clearOrphans } from "./orphans.ts";
import { spawnPostmaster } from "./postmaster-process.ts";
import { endWhenStuck } from "./end-when-stuck.ts";
import { assertReachable, resolveRunner } from "./runner.ts";
import { makeSocketDir, PORT, removeSocketDir } from "./socket-dir.ts";

/** For `pg`: `new Pool(connection)`. As the owner, who has no password: the kernel says who we are. */
export interface OwnerConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export interface EmbeddedPostgres {
  readonly socketDir: string;
  readonly port: number;
  /** Other roles connect to the same host, port and database with their name and password. */
  readonly owner: OwnerConnection;
  readonly pid: number;
  /** Resolves, with the reason, when the database has ended: by `stop` or by itself. */
  readonly exited: Promise<string>;
  /** Fast shutdown (open transactions are rolled back), after 10 s immediate. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute path of a folder that `prepareDataHome` has made. */
  readonly dataHome: string;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Where the programs come from; by default the installed npm package. */
  readonly binaries?: BinaryPackage;
}

/**
 * Starts this data home's own PostgreSQL, creating it the first time, and returns when it takes
 * connections. One per data home, by a lock that the kernel releases with our process; it is stopped when
 * our process ends, however that ends.
 *
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataHome, log } = options;
  const source = options.binaries ?? findBinaryPackage();
  const runner = resolveRunner();
  assertReachable(dataHome, runner);
  const cluster = clusterOf(dataHome, runner.uid);
  makeFolders(cluster, runner);
  const lock = takeKernelLock(cluster.lockFile, "embedded PostgreSQL");
  if (lock === null) {
    throw new EmbeddedPostgresError("already-running", `The database of ${dataHome} is run by another process.`);
  }
  try {
    const binaries = placeBinaries(source, cluster.folder, runner);
    await clearOrphans(cluster, log);
    await ensureCluster(cluster, binaries, runner);
    const socketDir = makeSocketDir(cluster, runner);
    const settings = writeConfiguration(cluster, runner, socketDir);
    const postmaster = spawnPostmaster(cluster, binaries, runner, settings, log);
    const stopPruning = boundLogFolder(cluster.logDir);
    let stopWatching = (): void => undefined;
    const finish = async (): Promise<void> => {
      stopWatching();
      await postmaster.stop();
      stopPruning();
      removeSocketDir(socketDir);
      lock.release();
    };
    try {
      await postmaster.ready();
    } catch (error) {
      await finish();
      throw error;
    }
    stopWatching = endWhenStuck(cluster, postmaster, log);
    let finished: Promise<void> | undefined;
    return {
      socketDir,
      port: PORT,
      owner: { host: socketDir, port: PORT, user: OWNER, database: DATABASE },
      pid: postmaster.pid,
      exited: postmaster.exited,
      stop: () => (finished ??= finish()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";

import type { Log } from "../../ports/log.ts";
import { prepareDataHome } from "../data-home/index.ts";
import { setUpQueue } from "../queue/index.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded/index.ts";
import type { LoginSecret } from "./login.ts";
import { setUpDatabase } from "./set-up.ts";

export const TEMPLATE = "sworn_template";

/** What test files need to reach the run's cluster. */
export interface TestCluster {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    postgres: TestCluster;
  }
}

/** Known on purpose: the socket's folder is what closes a test cluster. */
export const testLoginSecret: LoginSecret = (role) => `test password of ${role}`;

/** What other adapters do as owner; the same list as the server's own start. */
const extra: readonly ((owner: Client) => Promise<void>)[] = [setUpQueue];

const log: Log = {
  info: () => undefined,
  warn: (fields, message) => console.warn(`test database: ${message}`, fields),
  error: (fields, message) => console.error(`test database: ${message}`, fields),
};

/**
 * Vitest's global set-up: one embedded cluster per run, with a migrated template that test files copy.
 * The cluster ends with this process, however that ends; SWORN_KEEP_DB keeps its files.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sworn-test-db-"));
  prepareDataHome(folder);
  // A test cluster survives no loss of power and need not: copying a database is four times as fast.
  await mkdir(join(folder, "pg", "etc"), { recursive: true });
  await writeFile(
    join(folder, "pg", "etc", "custom.conf"),
    "fsync = off\nfull_page_writes = off\nshared_buffers = 64MB\n",
  );
  const keep = process.env["SWORN_KEEP_DB"] !== undefined;
  const cluster = await startEmbeddedPostgres({
    dataHome: folder,
    log: { info: () => undefined, warn: (message) => console.warn(`test database: ${message}`) },
  });
  const stop = async (): Promise<void> => {
    await cluster.stop();
    if (keep) console.log(`SWORN_KEEP_DB: the test databases are kept in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(cluster);
  } catch (error) {
    await stop();
    throw error;
  }
  const { host, port, user } = cluster.owner;
  project.provide("postgres", { host, port, user });
  return stop;
}

async function makeTemplate({ owner }: EmbeddedPostgres): Promise<void> {
  const admin = new Client({ ...owner, database: "postgres" });
  await admin.connect();
  try {
    await admin.query(`create database ${TEMPLATE}`);
    await setUpDatabase({ ownerConfig: { ...owner, database: TEMPLATE }, loginSecret: testLoginSecret, log, extra });
  } finally {
    await admin.end();
  }
}

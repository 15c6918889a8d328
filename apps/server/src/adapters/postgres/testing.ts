import { randomBytes, randomUUID } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

import type { Log } from "../../ports/log.ts";
import { loginConfig, type LoginRole } from "./login.ts";
import { type OpenDatabase, openDatabase } from "./open-database.ts";
import { TEMPLATE, type TestCluster, testLoginSecret } from "./testing-cluster.ts";

export interface TestDatabase {
  readonly name: string;
  readonly database: OpenDatabase;
  /** For `pg`, as the owner, who is a superuser in tests. */
  readonly ownerConfig: TestCluster & { readonly database: string };
  readonly loginSecret: (role: LoginRole) => string;
  /** A superuser's connection, opened on first use: for edits that nobody may make. */
  owner(): Promise<Client>;
  /** A bare connection with one of the logins, for trying what the grants allow. Closed with the rest. */
  login(role: LoginRole): Promise<Client>;
  /** Creates an agency and answers its id. */
  agency(name: string): Promise<string>;
  /** Ends every connection and keeps the database, so that it can be a template. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * A fresh database for one test file, copied from the migrated template of this run. Close it in `afterAll`;
 * with SWORN_KEEP_DB set it stays and its name is printed.
 */
export async function createTestDatabase(
  options: { appConnections?: number; template?: string } = {},
): Promise<TestDatabase> {
  const cluster = inject("postgres");
  const name = `test_${Date.now().toString(36)}_${randomBytes(4).toString("hex")}`;
  await onCluster(cluster, `create database ${name} template ${options.template ?? TEMPLATE}`);
  const ownerConfig = { ...cluster, database: name };
  const clients: Client[] = [];
  const connect = async (config: object): Promise<Client> => {
    const client = new Client(config);
    // Tests that kill the database break idle connections on purpose.
    client.on("error", () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  };
  let ownerClient: Promise<Client> | undefined;
  const database = openDatabase({
    ownerConfig,
    loginSecret: testLoginSecret,
    log: silent,
    appConnections: options.appConnections ?? 8,
  });
  const owner = (): Promise<Client> => (ownerClient ??= connect(ownerConfig));
  let disconnected: Promise<void> | undefined;
  const disconnect = (): Promise<void> =>
    (disconnected ??= (async () => {
      await database.close();
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    })());
  return {
    name,
    database,
    ownerConfig,
    loginSecret: testLoginSecret,
    owner,
    login: (role) => connect(loginConfig(ownerConfig, role, testLoginSecret)),
    async agency(agencyName) {
      const id = randomUUID();
      await (await owner()).query("insert into sworn.agency (id, name) values ($1, $2)", [id, agencyName]);
      return id;
    },
    disconnect,
    async close() {
      await disconnect();
      if (process.env["SWORN_KEEP_DB"] === undefined)
        await onCluster(cluster, `drop database if exists ${name} with (force)`);
      else console.log(`SWORN_KEEP_DB: ${name} at ${cluster.host}`);
    },
  };
}

async function onCluster(cluster: TestCluster, statement: string): Promise<void> {
  const admin = new Client({ ...cluster, database: "postgres" });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}

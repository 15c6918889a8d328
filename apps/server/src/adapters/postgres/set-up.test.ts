import { appendFile, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import type { Log } from "../../ports/log.ts";
import { loginConfig } from "./login.ts";
import { migrationsFolder } from "./migrate.ts";
import { assertModest, setUpDatabase } from "./set-up.ts";
import { testLoginSecret } from "./testing-cluster.ts";

const cluster = inject("postgres");
const name = `setup_${process.pid}_${Date.now().toString(36)}`;
const ownerConfig = { ...cluster, database: name };
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let migrations: string;

const asAdmin = async (statement: string, database = "postgres"): Promise<Record<string, unknown>[]> => {
  const client = new Client({ ...cluster, database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
};
const setUp = () => setUpDatabase({ ownerConfig, loginSecret: testLoginSecret, log, migrations });

beforeAll(async () => {
  await asAdmin(`create database ${name}`);
  migrations = await mkdtemp(join(tmpdir(), "sworn-migrations-"));
  await cp(migrationsFolder, migrations, { recursive: true });
});
afterAll(async () => {
  await asAdmin(`drop database if exists ${name} with (force)`);
  await rm(migrations, { recursive: true, force: true });
});

test("four at once set one database up once, and again changes nothing", async () => {
  await Promise.all([setUp(), setUp(), setUp(), setUp()]);
  const recorded = () => asAdmin("select name, sha256, applied_at from public.sworn_migrations order by name", name);
  const first = await recorded();
  expect(first.map((row) => row["name"])).toEqual(expect.arrayContaining(["0001-ground.sql", "0002-custody.sql"]));
  await setUp();
  expect(await recorded()).toEqual(first);
});

test("a login works with its derived password and no other", async () => {
  for (const [secret, outcome] of [
    [testLoginSecret, "in"],
    [() => "another", "28P01"],
  ] as const) {
    const client = new Client(loginConfig(ownerConfig, "sworn_app", secret));
    const result = await client.connect().then(
      () => "in",
      (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
    );
    expect(result).toBe(outcome);
    await client.end().catch(() => undefined);
  }
});

test("the address of another server takes the role's name and password", () => {
  const owner = { connectionString: "postgres://postgres:pw@db.example:6432/sworn?sslmode=verify-full" };
  expect(loginConfig(owner, "sworn_app", () => "se/cret").connectionString).toBe(
    "postgres://sworn_app:se%2Fcret@db.example:6432/sworn?sslmode=verify-full",
  );
});

test("a failing migration is undone whole and named", async () => {
  const file = join(migrations, "0900-broken.sql");
  await writeFile(file, "create table sworn.half (n int); select 1/0;");
  await expect(setUp()).rejects.toMatchObject({
    code: "migration-failed",
    message: expect.stringContaining("0900-broken.sql") as string,
  });
  expect(await asAdmin("select to_regclass('sworn.half') as found", name)).toEqual([{ found: null }]);
  await rm(file);
  await setUp();
});

test("a file that changed after it ran is refused, and so is a database of a newer version", async () => {
  const extra = join(migrations, "0901-later.sql");
  await writeFile(extra, "create table sworn.later (n int);");
  await setUp();
  await appendFile(extra, "-- changed");
  await expect(setUp()).rejects.toMatchObject({ code: "migration-changed" });
  await rm(extra);
  await expect(setUp()).rejects.toMatchObject({ code: "migration-unknown" });
});

test.each([
  "grant pg_read_all_data to sworn_checker",
  "alter role sworn_app bypassrls",
  "alter role sworn_sequencer superuser",
  "alter role sworn_auth createrole",
])("a login that was given more than Sworn gives is refused: %s", async (statement) => {
  const client = new Client(ownerConfig);
  await client.connect();
  try {
    await assertModest(client);
    // Undone in the end: the roles are those of every other test as well.
    await client.query("begin");
    await client.query(statement);
    await expect(assertModest(client)).rejects.toMatchObject({ code: "role-too-powerful" });
    await client.query("rollback");
  } finally {
    await client.end();
  }
});

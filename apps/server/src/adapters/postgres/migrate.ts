import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";

import { PostgresError } from "./postgres-error.ts";

/** Where this checkout keeps its migrations: `NNNN-name.sql`, run in the order of their names. */
export const migrationsFolder = fileURLToPath(new URL("../../../../../db/migrations", import.meta.url));

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/**
 * Runs what has not run yet, each file in a transaction of its own together with its record. The caller
 * holds the set-up lock. A file that was changed after it ran is refused: the database would no longer be
 * what the files say.
 *
 * @returns names of the files that ran now
 * @throws PostgresError `migrations-missing`, `migration-changed`, `migration-unknown`, `migration-failed`
 */
export async function migrate(owner: Client, folder: string = migrationsFolder): Promise<string[]> {
  const files = await readMigrations(folder);
  await owner.query(
    `create table if not exists public.sworn_migrations (
       name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
  );
  const { rows: recorded } = await owner.query<{ name: string; sha256: string }>(
    "select name, sha256 from public.sworn_migrations order by name",
  );
  for (const { name, sha256 } of recorded) {
    const file = files.find((each) => each.name === name);
    if (file === undefined) {
      throw new PostgresError(
        "migration-unknown",
        `The database was set up by a newer Sworn: it knows ${name}, this version does not. Start the newer version; nothing was changed.`,
      );
    }
    if (file.sha256 !== sha256) {
      throw new PostgresError(
        "migration-changed",
        `${name} was changed after it had run (recorded ${sha256.slice(0, 12)}…, file ${file.sha256.slice(0, 12)}…). Put the file back as it was; nothing was changed.`,
      );
    }
  }
  const waiting = files.filter((file) => recorded.every(({ name }) => name !== file.name));
  for (const migration of waiting) await run(owner, migration);
  return waiting.map(({ name }) => name);
}

async function run(owner: Client, { name, sql, sha256 }: Migration): Promise<void> {
  try {
    await owner.query("begin");
    await owner.query(sql);
    await owner.query("insert into public.sworn_migrations (name, sha256) values ($1, $2)", [name, sha256]);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback").catch(() => undefined);
    const why = error instanceof Error ? error.message : String(error);
    throw new PostgresError("migration-failed", `${name} failed and was undone: ${why}`, error);
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).toSorted();
  if (names.length === 0) throw new PostgresError("migrations-missing", `${folder} holds no migration.`);
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), "utf8");
      return { name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { closedFolder, type Runner } from "./runner.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The unpacked npm package: `<folder>/native/{bin,lib,share}` and its version. */
export interface BinaryPackage {
  readonly folder: string;
  readonly version: string;
}

export function findBinaryPackage(): BinaryPackage {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    // It is a dependency of a dependency: only from there is it sure to be found.
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    const folder = dirname(dirname(createRequire(outer).resolve(name)));
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
      return { folder, version: String(manifest.version) };
    }
  } catch {
    // told below, with what to do about it
  }
  throw missing(`The npm package ${name} is not installed (or there is none for this machine)`);
}

/**
 * The programs where the runner can reach them: in place where that is so, else copied once to
 * `<parent>/<version>`. In place fails below a closed home such as /root, and where npm was told to run no
 * install scripts, since the package's symbolic links are made by one.
 */
export function placeBinaries(source: BinaryPackage, parent: string, runner: Runner): Binaries {
  const native = join(source.folder, "native");
  if (!existsSync(join(native, "bin", "postgres")) || !existsSync(join(native, "bin", "initdb"))) {
    throw missing(`PostgreSQL's programs are not in ${native}`);
  }
  if (usableInPlace(native, runner)) return programs(native);
  const placed = join(parent, source.version);
  if (!existsSync(placed)) copyPackage(source.folder, placed);
  return programs(placed);
}

function usableInPlace(native: string, runner: Runner): boolean {
  if (symbolicLinks(dirname(native)).some(({ at }) => !existsSync(at))) return false;
  if (!runner.foreign) return true;
  const samples = ["bin/postgres", "lib/libpq.so.5", "share/postgresql/postgres.bki"];
  return (
    closedFolder(join(native, "share/postgresql")) === null &&
    samples.every((file) => (statSync(join(native, file)).mode & 0o004) !== 0)
  );
}

/** Complete or absent: a copy that was cut short, by a kill or by a loss of power, is never used. */
function copyPackage(source: string, placed: string): void {
  const partial = `${placed}.partial`;
  rmSync(partial, { recursive: true, force: true });
  copyTree(join(source, "native"), partial);
  for (const { at, to } of symbolicLinks(source)) {
    const link = join(partial, at.slice(join(source, "native").length));
    if (!existsSync(link)) symlinkSync(to, link);
  }
  // Some thousand small files: one flush of the file system instead of an fsync for each.
  spawnSync("sync", ["-f", partial], { stdio: "ignore" });
  renameSync(partial, placed);
}

function copyTree(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    // Static libraries are for linking other programs: a third of the size.
    else if (entry.isFile() && !entry.name.endsWith(".a")) {
      copyFileSync(source, target);
      chmodSync(target, (lstatSync(source).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}

/** The package's own list of links that npm cannot ship: `at` is made to point to its neighbour `to`. */
function symbolicLinks(folder: string): { at: string; to: string }[] {
  const list = join(folder, "native", "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const entries: unknown = JSON.parse(readFileSync(list, "utf8"));
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null || !("source" in entry && "target" in entry)) return [];
    return [{ at: resolve(folder, String(entry.target)), to: basename(String(entry.source)) }];
  });
}

function programs(folder: string): Binaries {
  return { initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function missing(what: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "binaries-missing",
    `${what}. Type: npm install --no-save --include=optional (or set DATABASE_URL)`,
  );
}

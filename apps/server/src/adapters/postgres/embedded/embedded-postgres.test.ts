import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client, type ClientConfig } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { prepareDataHome } from "../../data-home/index.ts";
import { findBinaryPackage, placeBinaries } from "./binaries.ts";
import { clusterOf } from "./cluster.ts";
import { writeConfiguration } from "./configuration.ts";
import { endWhenStuck } from "./end-when-stuck.ts";
import { connectRunningPostgres, type EmbeddedPostgres, type OwnerConnection, startEmbeddedPostgres } from "./index.ts";
import { processesOfCluster } from "./postmaster.ts";
import { resolveRunner } from "./runner.ts";
import { makeSocketDir } from "./socket-dir.ts";
import { spawnAs } from "./spawn-as.ts";

const warnings: string[] = [];
const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
const asRoot = process.getuid?.() === 0;

/** One database for all tests here: each leaves it stopped, with one row more. */
let dataHome: string;
let rows = 0;
let running: EmbeddedPostgres | undefined;

beforeAll(() => {
  dataHome = prepareDataHome(mkdtempSync(join(tmpdir(), "sworn-test-pg-"))).path;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  warnings.length = 0;
});
afterAll(() => rmSync(dataHome, { recursive: true, force: true }));

async function start(): Promise<EmbeddedPostgres> {
  running = await startEmbeddedPostgres({ dataHome, log });
  return running;
}

async function query(connection: ClientConfig, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(connection);
  client.on("error", () => undefined); // killed under it
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Each commit ever made is there, and one more is. */
async function addRow(owner: OwnerConnection): Promise<void> {
  await query(owner, "create table if not exists kept (n serial primary key)");
  const [count] = await query(owner, "select count(*)::int as n from kept");
  expect(count).toEqual({ n: rows });
  await query(owner, "insert into kept default values");
  rows += 1;
}

describe("a database of one's own", () => {
  it("is created, keeps its data and starts again at once", async () => {
    expect(connectRunningPostgres(dataHome)).toBeNull();
    const first = await start();
    await addRow(first.owner);
    expect(connectRunningPostgres(dataHome)).toEqual(first.owner);
    await first.stop();
    expect(connectRunningPostgres(dataHome)).toBeNull();
    await expect(first.exited).resolves.toBe("exit code 0");

    const second = await start();
    await addRow(second.owner);
  });

  it("does not lose a commit, checks its pages and sorts the same on every system", async () => {
    const { owner } = await start();
    const [settings] = await query(
      owner,
      `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit,
              current_setting('data_checksums') checksums, current_setting('listen_addresses') addresses,
              datlocprovider provider, pg_encoding_to_char(encoding) encoding
         from pg_database where datname = current_database()`,
    );
    expect(settings).toEqual({
      fsync: "on",
      commit: "on",
      checksums: "on",
      addresses: "",
      provider: "b",
      encoding: "UTF8",
    });
  });

  it("knows its owner by the operating system and every other role by password", async () => {
    const { owner } = await start();
    await query(owner, "create role clerk login password 'right'");
    const clerk = { ...owner, user: "clerk" };
    await expect(query({ ...clerk, password: "right" }, "select 1 as one")).resolves.toEqual([{ one: 1 }]);
    await expect(query({ ...clerk, password: "wrong" }, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });

  it("has one starter at a time", async () => {
    const both = await Promise.allSettled([start(), startEmbeddedPostgres({ dataHome, log })]);
    const lost = both.filter((result) => result.status === "rejected");
    expect(lost.map(({ reason }) => reason)).toEqual([expect.objectContaining({ code: "already-running" })]);
    for (const result of both) if (result.status === "fulfilled") running = result.value;
  });
});

describe("a database that neither works nor recovers", () => {
  it("is ended, and the next start has every commit", async () => {
    const stuck = await start();
    await addRow(stuck.owner);
    const cluster = clusterOf(dataHome, resolveRunner().uid);
    // Held still it cannot replace the writer that we kill: as after two kills in a row.
    process.kill(stuck.pid, "SIGSTOP");
    for (const pid of walwriters(stuck.pid)) process.kill(pid, "SIGKILL");
    endWhenStuck(cluster, stuck, log, 50);
    await expect(stuck.exited).resolves.toBe("signal SIGKILL");
    expect(warnings.join()).toContain("neither works nor recovers");
    await stuck.stop();
    const next = await start();
    await addRow(next.owner);
  });

  it("is left alone while it works", async () => {
    const { owner, exited, pid } = await start();
    const stop = endWhenStuck(clusterOf(dataHome, resolveRunner().uid), { pid, exited }, log, 10);
    for (let i = 0; i < 20; i++) await query(owner, "select pg_sleep(0.01)");
    stop();
    expect(warnings).toEqual([]);
  });
});

describe("after something ended abruptly", () => {
  it("the database: the next start has every commit", async () => {
    const first = await start();
    await addRow(first.owner);
    process.kill(first.pid, "SIGKILL");
    await expect(first.exited).resolves.toBe("signal SIGKILL");
    await first.stop();
    await addRow((await start()).owner);
  });

  it("its server: the database ends by itself, and the next start has every commit", async () => {
    const server = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});
         await startEmbeddedPostgres({ dataHome: ${JSON.stringify(dataHome)}, log: console });
         process.stdout.write("ready");`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(server.stdout, "data");
    await expect(start()).rejects.toMatchObject({ code: "already-running" });
    server.kill("SIGKILL");
    await once(server, "exit");
    await addRow((await start()).owner);
  });

  it("its server, where the database was not told: the next start stops it first", async () => {
    const runner = resolveRunner();
    const cluster = clusterOf(dataHome, runner.uid);
    const { postgres } = placeBinaries(findBinaryPackage(), cluster.folder, runner);
    const settings = writeConfiguration(cluster, runner, makeSocketDir(cluster, runner));
    const orphan = spawn(postgres, ["-D", cluster.dataDir, ...settings], { ...spawnAs(runner), stdio: "ignore" });
    await expect.poll(() => connectRunningPostgres(dataHome), { interval: 10 }).not.toBeNull();
    const { owner, pid } = await start();
    expect(orphan.exitCode ?? (await once(orphan, "exit"))[0]).toBe(0);
    expect(pid).not.toBe(orphan.pid);
    expect(warnings).toHaveLength(1);
    await addRow(owner);
  });

  it.each([
    ["names a process that is not a database", `${process.pid}\n/elsewhere\n`],
    ["was cut short", ""],
  ])("the machine: a left-over postmaster.pid that %s is no hindrance", async (_what, text) => {
    writeFileSync(join(dataHome, "pg", "data", "postmaster.pid"), text);
    expect(connectRunningPostgres(dataHome)).toBeNull();
    await addRow((await start()).owner);
  });

  it("leaves no process", () => {
    expect(processesOfCluster(clusterOf(dataHome, resolveRunner().uid))).toEqual([]);
  });
});

describe("refusals", () => {
  it("without PostgreSQL's programs", async () => {
    const binaries = { folder: join(dataHome, "absent"), version: "0" };
    await expect(startEmbeddedPostgres({ dataHome, log, binaries })).rejects.toMatchObject({
      code: "binaries-missing",
    });
  });

  it.runIf(asRoot)("as root, in a folder that the database's user cannot reach", async () => {
    const closed = mkdtempSync(join(tmpdir(), "sworn-test-closed-"));
    try {
      const inside = prepareDataHome(join(closed, "home")).path;
      await expect(startEmbeddedPostgres({ dataHome: inside, log })).rejects.toMatchObject({ code: "unreachable" });
    } finally {
      rmSync(closed, { recursive: true });
    }
  });

  it("with the data of another major version", async () => {
    const other = prepareDataHome(mkdtempSync(join(tmpdir(), "sworn-test-pg-"))).path;
    try {
      mkdirSync(join(other, "pg", "data"), { recursive: true });
      writeFileSync(join(other, "pg", "data", "PG_VERSION"), "9\n");
      await expect(startEmbeddedPostgres({ dataHome: other, log })).rejects.toMatchObject({ code: "data-version" });
    } finally {
      rmSync(other, { recursive: true });
    }
  });
});

it("finds another place for the socket where the path is too long for one", async () => {
  const base = prepareDataHome(mkdtempSync(join(tmpdir(), "sworn-test-pg-"))).path;
  try {
    const long = prepareDataHome(join(base, "x".repeat(120))).path;
    const runner = resolveRunner();
    mkdirSync(join(long, "pg"));
    const dir = makeSocketDir(clusterOf(long, runner.uid), runner);
    expect(dir.startsWith(long)).toBe(false);
    expect(dir.length).toBeLessThan(90);
    rmSync(dir, { recursive: true });
  } finally {
    rmSync(base, { recursive: true });
  }
});

it("copies the programs where they cannot be used in place, with the links that npm leaves out", () => {
  const base = mkdtempSync(join(tmpdir(), "sworn-test-pg-"));
  try {
    const native = join(base, "package", "native");
    for (const folder of ["bin", "lib"]) mkdirSync(join(native, folder), { recursive: true });
    for (const file of ["bin/postgres", "bin/initdb", "lib/libx.so.1.2", "lib/libx.a"]) {
      writeFileSync(join(native, file), file, { mode: 0o700 });
    }
    const links = [{ source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" }];
    writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify(links));
    mkdirSync(join(base, "1.partial", "bin"), { recursive: true }); // of a copy that was cut short
    const source = { folder: join(base, "package"), version: "1" };
    const { postgres } = placeBinaries(source, base, { ...resolveRunner(), foreign: false });
    expect(postgres).toBe(join(base, "1", "bin", "postgres"));
    expect(existsSync(join(base, "1", "lib", "libx.so.1"))).toBe(true);
    expect(existsSync(join(base, "1", "lib", "libx.a"))).toBe(false);
  } finally {
    rmSync(base, { recursive: true });
  }
});

function walwriters(postmaster: number): number[] {
  const all = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(postmaster)], { encoding: "utf8" });
  return all.split("\n").flatMap((line) => (line.includes("walwriter") ? [Number.parseInt(line, 10)] : []));
}

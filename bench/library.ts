import { readdirSync, readFileSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { connectRunningPostgres } from "../apps/server/src/adapters/postgres/embedded/index.ts";
import { ServerProcess } from "../tests/fault/harness/server-process.ts";
import { ask, signIn } from "../tests/e2e/harness/ask.ts";
import { startSworn } from "./contenders.ts";
import { type Filled, fillLibrary } from "./fill-library.ts";
import { quantile, table } from "./measure.ts";

export interface LibraryOptions {
  readonly rows: number;
  /** Requests of each kind per filter. */
  readonly requests: number;
  /** Which filters, by name. */
  readonly only: RegExp;
  /** A data home that was filled before, or that is kept for the next time; null: filled anew and removed. */
  readonly keep: string | null;
  /** Where query plans are written, as PostgreSQL logged them; null: not asked for. */
  readonly plans: string | null;
}

/** About 900 bytes of table and indexes for each item. */
export const libraryBytes = ({ rows }: LibraryOptions): number => rows * 1_200;

/** A page, p95. */
const AIM_MS = 50;
const password = "bench library 2026";
/** Whose lists are asked for: everything, one borough of eight, one wearer of 200. */
const askers = { custodian: null, supervisor: "borough", officer: "watch" } as const;
type Asker = keyof typeof askers;

/** Pages, totals and facets of the library over HTTP, for three people and every filter alone and in pairs. */
export async function benchLibrary(folder: string, options: LibraryOptions): Promise<string> {
  const { server, filled } = await openLibrary(options.keep ?? join(folder, "library"), options);
  try {
    const rows: string[][] = [];
    const pairs: { readonly asker: Asker; readonly name: string; readonly p95: number }[] = [];
    let address = 2;
    for (const asker of Object.keys(askers) as Asker[]) {
      const cookie = await signIn(server.url, `${asker}@bench.example`, password, `127.0.0.${address++}`);
      for (const [name, queries] of cases(filled)) {
        if (!options.only.test(name)) continue;
        const pair = name.includes(" + ");
        const cells = [];
        for (const path of pair ? [""] : ["", "/totals", "/facets"]) {
          const ms = await time(server.url, cookie, path, queries, path === "" ? options.requests : 4);
          cells.push(quantile(ms, 0.5).toFixed(0), quantile(ms, 0.95).toFixed(0));
          if (pair) pairs.push({ asker, name, p95: quantile(ms, 0.95) });
        }
        if (!pair) rows.push([asker, name, ...cells]);
        process.stderr.write(`  ${[asker, name, ...cells].join("  ")}\n`);
      }
    }
    if (options.plans !== null) await writePlans(server.home, options.plans);
    const single = table(["who", "filter", "page p50 ms", "p95", "totals p50", "p95", "facets p50", "p95"], rows);
    return `${single}\n\n${pairSummary(pairs)}`;
  } finally {
    await server.stop();
    if (options.keep === null) await rm(folder, { recursive: true, force: true });
  }
}

/** Hundreds of pairs: how they spread, and each that takes longer than the aim. */
function pairSummary(pairs: readonly { readonly asker: Asker; readonly name: string; readonly p95: number }[]): string {
  if (pairs.length === 0) return "";
  const all = pairs.map(({ p95 }) => p95);
  const slow = pairs.filter(({ p95 }) => p95 > AIM_MS).toSorted((a, b) => b.p95 - a.p95);
  const lines = slow.map(({ asker, name, p95 }) => `  ${p95.toFixed(0)} ms  ${asker}: ${name}`);
  return [
    `Pages of ${pairs.length} pairs of filters: p95 of the middle one ${quantile(all, 0.5).toFixed(0)} ms, ` +
      `of the slowest ${quantile(all, 1).toFixed(0)} ms; ${slow.length} above ${AIM_MS} ms`,
    ...lines,
  ].join("\n");
}

async function openLibrary(
  folder: string,
  options: LibraryOptions,
): Promise<{ server: ServerProcess; filled: Filled }> {
  const noted = join(folder, "filled.json");
  const before = await readFile(noted, "utf8").catch(() => null);
  if (before !== null) {
    const home = join(folder, "home");
    await explain(home, options);
    return { server: await ServerProcess.launch({ home }), filled: JSON.parse(before) as Filled };
  }
  await mkdir(folder, { recursive: true });
  const { server } = await startSworn(folder, []);
  const connection = connectRunningPostgres(server.home);
  if (connection === null) throw new Error("the embedded database is not there");
  const owner = new Client(connection);
  await owner.connect();
  try {
    const started = performance.now();
    const filled = await fillLibrary(owner, options.rows, (text) => process.stderr.write(`  ${text}\n`));
    await addAskers(server, owner, filled);
    process.stderr.write(`  filled in ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    await writeFile(noted, JSON.stringify(filled));
    return { server, filled };
  } finally {
    await owner.end();
  }
}

/** Three of the people get an account: with a row of their own, whose items and unit they take over. */
async function addAskers(server: ServerProcess, owner: Client, filled: Filled): Promise<void> {
  for (const [role, where] of Object.entries(askers)) {
    const words = ["create-person", "--email", `${role}@bench.example`, "--role", role, "--password", password];
    const { code, stderr } = await server.beside("admin.ts", words);
    if (code !== 0) throw new Error(stderr);
    const unit = where === null ? null : where === "borough" ? filled.boroughs[0] : filled.units[0];
    await owner.query("update sworn.person set unit_id = $1 where email = $2", [unit, `${role}@bench.example`]);
  }
  await owner.query("set session_replication_role = replica");
  await owner.query(
    `update sworn.evidence set person_id = (select id from sworn.person where email = 'officer@bench.example') where person_id = $1`,
    [filled.people[0]],
  );
  await owner.query("vacuum analyze sworn.evidence");
}

/** Every filter alone and the pairs that people use; each with several values, so that no single page is measured. */
function cases(filled: Filled): Map<string, readonly string[]> {
  const { boroughs, units, categories, people, devices } = filled;
  const some = (name: string, values: readonly (string | undefined)[]): string[] => values.map((v) => `${name}=${v}`);
  const single: Record<string, readonly string[]> = {
    nothing: [""],
    day: ["2026-10-01", "2025-03-07", "2024-02-29"].map((day) => `from=${day}&to=${day}`),
    year: ["2025", "2024"].map((year) => `from=${year}-01-01&to=${year}-12-31`),
    person: some("person", [people[3], people[60], people[150]]),
    borough: some("unit", boroughs.slice(0, 3)),
    watch: some("unit", units.slice(0, 3)),
    device: some("device", [devices[3], devices[60], devices[150]]),
    category: some("category", categories.slice(0, 3)),
    "rare category": some("category", categories.slice(9)),
    photo: ["kind=photo"],
    document: ["kind=document"],
    uncategorised: ["is=uncategorised"],
    held: ["is=held"],
    "not playable": ["is=not-playable"],
    restricted: ["is=restricted"],
    "long or short": ["minSeconds=699", "maxSeconds=600"],
    place: ["bbox=0,51.2,0.005,51.205", "bbox=0.1,51.3,0.2,51.4"],
    text: ["q=elm", "q=domestic", "q=Elm+St+777"],
    "text without match": ["q=nothing+such"],
  };
  const names = Object.keys(single).filter((name) => name !== "nothing");
  const all = new Map<string, readonly string[]>(Object.entries(single));
  for (const [i, one] of names.entries())
    for (const other of names.slice(i + 1)) {
      const [a = "", b = ""] = [single[one]?.[0], single[other]?.[0]];
      if (a.split("=", 1)[0] !== b.split("=", 1)[0]) all.set(`${one} + ${other}`, [`${a}&${b}`]);
    }
  return all;
}

async function time(
  url: string,
  cookie: string,
  path: string,
  queries: readonly string[],
  count: number,
): Promise<number[]> {
  const each: number[] = [];
  for (let i = 0; i < count; i++) {
    const query = queries[i % queries.length] ?? "";
    const started = performance.now();
    const answer = await ask(url, { method: "GET", path: `/api/v1/evidence${path}?${query}`, headers: { cookie } });
    each.push(performance.now() - started);
    // A busy answer is a figure too: the eight seconds after which the server gives up.
    if (answer.status !== 200 && answer.code !== "busy")
      throw new Error(`${path}?${query}: ${answer.status} ${answer.body.toString()}`);
  }
  return each;
}

/** The database itself logs the plan of each statement that took longer than 20 ms. */
async function explain(home: string, { plans }: LibraryOptions): Promise<void> {
  if (plans === null) return;
  const settings = `session_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 20\nauto_explain.log_analyze = on\n`;
  await appendFile(join(home, "pg/etc/custom.conf"), settings);
}

async function writePlans(home: string, file: string): Promise<void> {
  const folder = join(home, "pg/log");
  const text = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
  await writeFile(file, text);
}

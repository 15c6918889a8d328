import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { isAlive, killNow, postmasterOf, processTree } from "./process-tree.ts";

const root = join(import.meta.dirname, "../../..");
export const serverFolder = join(root, "apps/server/src");
const parentWatch = join(serverFolder, "adapters/data-home/parent-watch.ts");

export interface ServerOptions {
  /** The data home; the embedded database lives in it. */
  readonly home: string;
  /** What is started: the real server, or a broken one from tests/fault/controls. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the program: `--cpu-prof` and the like. */
  readonly nodeArgs?: readonly string[];
  /** Node options aside, how long a start may take; recovery after a kill is part of it. */
  readonly patienceMs?: number;
}

/** What a kill hits. `backend`: one of PostgreSQL's children; PostgreSQL then restarts all of them itself. */
export const killKinds = ["everything", "server", "postmaster", "backend"] as const;
export type KillKind = (typeof killKinds)[number];

/** A real server in a process of its own that is killed and started again, under one address. */
export class ServerProcess {
  readonly home: string;
  readonly url: string;
  readonly #options: ServerOptions;
  readonly #port: number;
  #child: ChildProcess | null = null;
  #said = "";
  /** Milliseconds from each start to "ready". */
  readonly startsMs: number[] = [];

  private constructor(options: ServerOptions, port: number) {
    this.#options = options;
    this.home = options.home;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async launch(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options, await freePort());
    await server.start();
    return server;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }
  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }
  /** The last words on standard error and standard output. */
  get said(): string {
    return this.#said;
  }

  async start(): Promise<void> {
    const started = performance.now();
    this.#said = "";
    const program = this.#options.program ?? join(serverFolder, "main.ts");
    const child = spawn(process.execPath, ["--import", parentWatch, ...(this.#options.nodeArgs ?? []), program], {
      env: {
        ...cleanEnv(),
        PORT: String(this.#port),
        SWORN_HOME: this.home,
        SWORN_PARENT_FD: "3",
        ...this.#options.env,
      },
      // The pipe at 3 closes with us, however we end: no server outlives the test that started it.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    this.#child = child;
    const ready = new Promise<boolean>((resolve) => {
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding("utf8").on("data", (text: string) => {
          this.#said = (this.#said + text).slice(-20_000);
          if (this.#said.includes("Sworn is ready at")) resolve(true);
        });
      child.once("exit", () => resolve(false));
    });
    const patience = this.#options.patienceMs ?? 60_000;
    if (!(await Promise.race([ready, sleep(patience, false, { ref: false })]))) {
      await this.kill("everything");
      throw new Error(`The server did not start:\n${this.#said}`);
    }
    this.startsMs.push(performance.now() - started);
  }

  /** kill -9 of the whole tree or of a part; resolves when what was hit is gone. */
  async kill(
    kind: KillKind,
    choose: (pids: readonly number[]) => number | undefined = (pids) => pids[0],
  ): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || !this.running) return;
    const tree = processTree(child.pid);
    const postmaster = postmasterOf(this.home, tree);
    const victims =
      kind === "everything"
        ? tree
        : kind === "server"
          ? [child.pid]
          : kind === "postmaster"
            ? [postmaster]
            : [postmaster === null ? undefined : choose(processTree(postmaster).slice(1))];
    const pids = victims.filter((pid) => pid !== null && pid !== undefined);
    killNow(pids);
    if (pids.includes(child.pid)) await this.#exited(child);
    await until(() => !pids.some(isAlive), 5_000);
  }

  /** Waits for the server to end by itself (its database was killed), at most so long. */
  async ended(patienceMs: number): Promise<boolean> {
    return await until(() => !this.running, patienceMs);
  }

  /** The orderly way; the hard way after 25 s. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null || !this.running) return;
    child.kill("SIGTERM");
    if (!(await this.ended(25_000))) await this.kill("everything");
    this.#child = null;
  }

  async #exited(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** Runs an entry point of the server beside it (admin, check); its exit code is part of the answer. */
  async beside(program: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...cleanEnv(), SWORN_HOME: this.home, ...this.#options.env };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(serverFolder, program), ...args], {
        env,
        maxBuffer: 64 << 20,
      });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const failed = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof failed.code !== "number") throw error;
      return { code: failed.code, stdout: failed.stdout ?? "", stderr: failed.stderr ?? "" };
    }
  }
}

/** The test run's own settings must not reach the servers that it starts. */
function cleanEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(SWORN_|VITEST|DATABASE_URL$|PORT$|HOST$|NODE_OPTIONS$|NODE_ENV$)/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

async function until(done: () => boolean, patienceMs: number): Promise<boolean> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(5)) if (done()) return true;
  return done();
}

/** Free when it was asked; nobody else on this machine counts upwards from here. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

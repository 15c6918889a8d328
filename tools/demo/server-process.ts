import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Starts a program of ours so that it ends when we do, kill -9 included. */
export function start(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  quiet = false,
): ChildProcess {
  const watch = join(root, "apps/server/src/adapters/data-home/parent-watch.ts");
  return spawn(process.execPath, ["--import", watch, join(root, program), ...args], {
    cwd: root,
    env: { ...process.env, ...env, SWORN_PARENT_FD: "3" },
    stdio: ["ignore", "pipe", quiet ? "pipe" : "inherit", "pipe"],
  });
}

export interface DemoServer {
  readonly url: string;
  /** Null when the data home was set up at an earlier start. */
  readonly setUpToken: string | null;
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

/** The real server as its own process, until it says where it is. */
export async function startServer(env: Record<string, string>): Promise<DemoServer> {
  const child = start("apps/server/src/main.ts", [], env);
  const exited = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
  let said = "";
  const ready = new Promise<{ url: string; setUpToken: string | null }>((resolve, reject) => {
    child.stdout?.on("data", (part: Buffer) => {
      said += part.toString("utf8");
      const url = /ready at (\S+)/.exec(said)?.[1];
      if (url !== undefined)
        // The link, when there is one, is printed with the same breath.
        setTimeout(() => resolve({ url, setUpToken: /#token=(\S+)/.exec(said)?.[1] ?? null }), 100);
    });
    void exited.then((code) => reject(new Error(`The server ended with ${code} before it was ready.`)));
  });
  return {
    ...(await ready),
    exited,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** Runs a program of ours to its end and answers what it printed. */
export async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  const child = start(program, args, env, true);
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number>((resolve) => child.on("close", (ended) => resolve(ended ?? 1)));
  return { code, out: out(), err: err() };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const parts: Buffer[] = [];
  stream?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}

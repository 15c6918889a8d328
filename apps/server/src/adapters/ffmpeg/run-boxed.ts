import { spawn } from "node:child_process";
import { MediaError } from "../../ports/media.ts";

export interface RunOptions {
  readonly cwd: string;
  readonly timeoutMs: number;
  /** More than this on standard output ends the run as `too-large`. */
  readonly maxOutput: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets each line of the error channel first; one that it answers true for is no complaint. */
  readonly line?: ((line: string) => boolean) | undefined;
  /** Gets standard output as it comes; then none of it is kept. */
  readonly take?: ((chunk: Buffer) => void) | undefined;
}
export interface RunResult {
  readonly stdout: Buffer;
  readonly stderr: string;
}

// 128 + signal, as the box's first process reports it: ILL, TRAP, ABRT, BUS, FPE, KILL (out of memory), SEGV, SYS.
const crashCodes = new Set([132, 133, 134, 135, 136, 137, 139, 159]);
const [outOfCpu, outOfFile, notCovered] = [152, 153, 97];
const MAX_STDERR = 8192;

/** Runs one boxed command with no input, no environment and no way past its time. Throws MediaError. */
export async function runBoxed(commandLine: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const [file = "", ...args] = commandLine;
  // A process group of its own, so that everything it starts dies with it.
  const child = spawn(file, args, { cwd: options.cwd, env: {}, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let ended: MediaError | null = null;
  let stopped = false;
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      child.kill("SIGKILL"); // the group is gone already
    }
  };
  const end = (error: MediaError): void => {
    ended ??= error;
    kill();
  };
  const abort = (): void => {
    stopped = true;
    kill();
  };
  options.signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(
    () => end(new MediaError("timed-out", `The decoder did not end within ${Math.round(options.timeoutMs / 1000)} s.`)),
    options.timeoutMs,
  );
  const output: Buffer[] = [];
  let size = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > options.maxOutput) end(new MediaError("too-large", "The decoder's answer is larger than any real one."));
    else if (options.take === undefined) output.push(chunk);
    else if (ended === null) options.take(chunk);
  });
  let stderr = "";
  let begun = "";
  child.stderr.on("data", (chunk: Buffer) => {
    let text = chunk.toString("utf8");
    if (options.line !== undefined) {
      const lines = (begun + text).split("\n");
      begun = (lines.pop() ?? "").slice(0, MAX_STDERR);
      text = lines
        .filter((line) => options.line?.(line) !== true)
        .map((line) => `${line}\n`)
        .join("");
    }
    if (stderr.length < MAX_STDERR) stderr += text.slice(0, MAX_STDERR - stderr.length);
  });
  try {
    const result = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
      child.once("error", (cause) =>
        reject(new MediaError("sandbox-unavailable", "The decoder could not be started.", cause)),
      );
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
    if (stopped) options.signal?.throwIfAborted();
    if (ended !== null) throw ended;
    judge(result.code, result.signal, stderr + begun);
    return { stdout: Buffer.concat(output), stderr };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", abort);
    kill();
  }
}

/** Tells a refusal from a crash: only what may turn out otherwise next time is worth another try. */
function judge(code: number | null, signal: NodeJS.Signals | null, stderr: string): void {
  if (code === 0) return;
  const said = firstLine(stderr);
  if (code === outOfCpu || signal === "SIGXCPU")
    throw new MediaError("timed-out", "The decoder used up its processor time.");
  if (code === outOfFile || signal === "SIGXFSZ") throw new MediaError("crashed", "The decoder tried to write a file.");
  if (signal !== null) throw new MediaError("crashed", `The decoder was ended by ${signal}.`);
  if (code === notCovered || /^(unshare|setpriv|prlimit|bwrap|mount):/m.test(stderr))
    throw new MediaError("sandbox-unavailable", `The decoder's box could not be made: ${said}`);
  if (code !== null && crashCodes.has(code))
    throw new MediaError("crashed", `The decoder was ended by signal ${code - 128}.`);
  if (/not on whitelist/i.test(stderr))
    throw new MediaError(
      "codec-refused",
      `Encoded in a way that is not opened: ${said} The original is kept as it is.`,
    );
  if (/cannot allocate memory|memory exhausted|out of memory/i.test(stderr))
    throw new MediaError("too-large", "Decoding this file takes more memory than is given to it.");
  throw new MediaError("unreadable", `The file cannot be read: ${said}`);
}

/** The file's author controls what a decoder complains about: one short line, printable characters only. */
function firstLine(stderr: string): string {
  const line = stderr.split("\n").find((text) => text.trim() !== "") ?? "no reason given";
  return line
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .replace(/^\[[^\]]*\] /, "")
    .slice(0, 200);
}

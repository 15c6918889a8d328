import { setFlagsFromString } from "node:v8";
import { ConfigError, readConfig } from "./main/config.ts";
import { createLog } from "./main/operator-log.ts";
import { type RunningServer, serve } from "./main/serve.ts";

// The server's entry point: `sworn serve`, `npm start`. Says where it is, stops on a signal, and never half-way.

/**
 * Every 64 KiB that a socket delivers lies outside the heap. By default V8 answers each few megabytes of those with a
 * whole collection of the heap: 245 of them in a 2 GiB upload, half of the processor time. Counted in the limit that
 * grows with the heap it collects 14 times. bench/README.md has the figures.
 */
setFlagsFromString("--external-memory-accounted-in-global-limit");

/** A part that hangs must not keep the process from ending. */
const STOP_MS = 20_000;

async function main(): Promise<void> {
  const started = performance.now();
  const config = readConfig(process.env, process.argv.slice(2));
  const log = createLog(config.logLevel);
  let server: RunningServer | null = null;
  let ending: { code: number } | null = null;
  const end = (reason: string, code: number): void => {
    if (ending !== null) return;
    ending = { code };
    if (server === null) return; // still starting: it stops as soon as it can do so cleanly
    log.info({ reason }, "stopping");
    setTimeout(() => process.exit(1), STOP_MS).unref();
    void server.stop().then(() => process.exit(code));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(signal, 0));
  process.on("unhandledRejection", (err) => log.error({ err }, "a promise nobody waited for failed"));

  const running = await serve(config, log);
  server = running;
  const asked = ending as { code: number } | null;
  if (asked !== null) {
    await running.stop();
    process.exit(asked.code);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const where = running.url === "" ? "Sworn works in the background" : `Sworn is ready at ${running.url}`;
  process.stdout.write(`${where} (${seconds} s).\n`);
  if (running.setUpUrl !== null)
    process.stdout.write(
      `\nNobody has an account yet. Open this link once, within 24 hours, to set up:\n  ${running.setUpUrl}\n`,
    );
  void running.lost.then((reason) => end(`the database ended: ${reason}`, 1));
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || (error instanceof Error && "code" in error);
  const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`Sworn could not start: ${text}\n`);
  process.exit(1); // signal handlers and half-open parts must not keep a failed start alive
}

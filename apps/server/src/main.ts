import { ConfigError, readConfig } from "./main/config.ts";
import { createLog } from "./main/operator-log.ts";
import { serve } from "./main/serve.ts";

// The server's entry point: `sworn serve`, `npm start`. Says where it is, stops on a signal, and never half-way.

const started = performance.now();
try {
  const config = readConfig(process.env, process.argv.slice(2));
  const log = createLog(config.logLevel);
  const server = await serve(config, log);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(
    server.url === ""
      ? `Sworn works in the background (${seconds} s).\n`
      : `Sworn is ready at ${server.url} (${seconds} s).\n`,
  );
  if (server.setUpUrl !== null)
    process.stdout.write(
      `\nNobody has an account yet. Open this link once, within 24 hours, to set up:\n  ${server.setUpUrl}\n`,
    );

  let stopping = false;
  const end = (reason: string, code: number): void => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, "stopping");
    // A part that hangs must not keep the database from being told.
    setTimeout(() => process.exit(1), 20_000).unref();
    void server.stop().then(() => process.exit(code));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(signal, 0));
  void server.lost.then((reason) => end(`the database ended: ${reason}`, 1));
  process.on("unhandledRejection", (err) => log.error({ err }, "a promise nobody waited for failed"));
} catch (error) {
  const known = error instanceof ConfigError || (error instanceof Error && "code" in error);
  process.stderr.write(
    `Sworn could not start: ${error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)}\n`,
  );
  process.exitCode = 1;
}

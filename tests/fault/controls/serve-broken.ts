import { readConfig } from "../../../apps/server/src/main/config.ts";
import { createLog } from "../../../apps/server/src/main/operator-log.ts";
import type { Overrides } from "../../../apps/server/src/main/overrides.ts";
import { serve } from "../../../apps/server/src/main/serve.ts";

/**
 * The real server with one part broken on purpose, through the ports that the real root uses. Every fault test is
 * shown to fail on such a build first: an oracle that never saw a loss proves nothing.
 */
export async function serveBroken(overrides: Overrides): Promise<void> {
  const config = readConfig(process.env, []);
  const server = await serve(config, createLog("warn"), overrides);
  process.stdout.write(`Sworn is ready at ${server.url} and broken on purpose.\n`);
  const stop = (): void => void server.stop().then(() => process.exit(0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  void server.lost.then(() => process.exit(1));
}

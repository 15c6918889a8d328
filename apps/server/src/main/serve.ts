import { join } from "node:path";
import { announceAddress } from "../adapters/data-home/index.ts";
import { keepAnswers } from "../adapters/postgres/index.ts";
import { openAccounts } from "../adapters/auth/better-auth-accounts.ts";
import { shownAmong } from "../capabilities/access/index.ts";
import { createSetUpLink, identify, isSetUpNeeded } from "../capabilities/identity/index.ts";
import { startSequencer } from "../capabilities/custody/index.ts";
import { apiDocsRoute } from "../http/api-docs/index.ts";
import { openApiRoute } from "../http/openapi.ts";
import { serveRoutes } from "../http/serve-routes.ts";
import { serveWebFiles } from "../http/web-files.ts";
import { systemClock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { TokenBuckets } from "../ports/token-buckets.ts";
import type { Config } from "./config.ts";
import { openCapabilities } from "./open-capabilities.ts";
import { openGround } from "./open-ground.ts";
import type { Overrides } from "./overrides.ts";

export interface RunningServer {
  readonly url: string;
  /** For the first person; null once there is an agency. */
  readonly setUpUrl: string | null;
  /** Resolves when the server cannot go on by itself. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

/** A camera that empties itself after days sends five requests per recording beside its fragments, which do not count. */
const cameraRequests = { burst: 3000, perSecond: 50 } as const;

const WEB_ROOT = join(import.meta.dirname, "../../../web/dist");

/** Starts everything one process does, in the order in which the parts need each other; `stop` goes back the same way. */
export async function serve(config: Config, log: Log, overrides: Overrides = {}): Promise<RunningServer> {
  const opened = await openGround(config, "sworn serve", log, false);
  const ground = { ...opened, database: overrides.database?.(opened.database) ?? opened.database };
  const undo: (() => Promise<void>)[] = [() => ground.close()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed())
      await step().catch((err: unknown) => log.error({ err }, "a part did not stop cleanly"));
  };
  try {
    let url = config.publicUrl ?? "";
    // The page may be opened under either name of this machine while no public address is set.
    const ownOrigins = (): string[] =>
      config.publicUrl === null ? [url, url.replace("127.0.0.1", "localhost")] : [config.publicUrl];
    const accounts = await openAccounts({
      connection: ground.authConfig,
      secret: ground.keyRing.derive("session-cookie"),
      publicUrl: () => url || `http://localhost:${config.port}`,
      ownOrigins,
      log,
    });
    undo.push(() => accounts.close());
    const sequencer = startSequencer({
      ...ground.custody,
      database: ground.database,
      tileStore: ground.tileStore,
      signer: ground.signer,
      log,
    });
    undo.push(async () => {
      await sequencer.drain(); // what is committed gets its checkpoint before we leave
      await sequencer.stop();
    });
    const capabilities = await openCapabilities(ground, accounts, sequencer, () => url, overrides);
    undo.push(() => capabilities.stop());
    if (config.role !== "worker") {
      const routes = overrides.routes?.(capabilities.routes) ?? capabilities.routes;
      const server = serveRoutes({
        routes: [...routes, openApiRoute(routes), apiDocsRoute(routes)],
        keptAnswers: keepAnswers(ground.database),
        shownTo: (who, ids) => ground.database.forAgency(who.agencyId, (tx) => shownAmong(tx, who, ids)),
        identify: (request) => identify({ database: ground.database, accounts, clock: systemClock }, request),
        log,
        ownOrigins,
        requests: new TokenBuckets(cameraRequests, systemClock),
        clientAddress: config.clientAddress,
        checkAnswers: config.checkAnswers,
      });
      serveWebFiles(server, WEB_ROOT);
      undo.push(() => server.close());
      const listening = await server.listen({ host: config.host, port: config.port });
      url = config.publicUrl ?? listening;
      undo.push(announceAddress(config.home, url));
    }
    const deps = { database: ground.database, accounts, custody: ground.custody, clock: systemClock };
    const setUpUrl =
      (await isSetUpNeeded(deps)) && url !== "" ? `${url}/set-up#token=${await createSetUpLink(deps)}` : null;
    return { url, setUpUrl, lost: ground.databaseLost, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

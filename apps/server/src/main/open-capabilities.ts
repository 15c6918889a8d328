import { custodyRoutes, type RunningSequencer } from "../capabilities/custody/index.ts";
import { identityRoutes } from "../capabilities/identity/index.ts";
import { libraryRoutes } from "../capabilities/library/index.ts";
import type { Accounts } from "../ports/accounts.ts";
import { systemClock } from "../ports/clock.ts";
import type { Route } from "../ports/http.ts";
import type { Ground } from "./open-ground.ts";

export interface OpenCapabilities {
  readonly routes: readonly Route[];
  stop(): Promise<void>;
}

/** Gives each capability what it needs, once. Nothing here decides anything. */
export async function openCapabilities(
  ground: Ground,
  accounts: Accounts,
  sequencer: RunningSequencer,
): Promise<OpenCapabilities> {
  const { database, custody, tileStore, keyRing } = ground;
  const clock = systemClock;
  void sequencer;
  const recovery = { sheet: () => Promise.resolve(keyRing.recoverySheet(new Date(clock.now()))) };
  await Promise.resolve();
  return {
    routes: [
      ...custodyRoutes({ database, tileStore }),
      ...identityRoutes({ database, accounts, custody, clock, recovery }),
      ...libraryRoutes({ database, custody }),
    ],
    stop: () => Promise.resolve(),
  };
}

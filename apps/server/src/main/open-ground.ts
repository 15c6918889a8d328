import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { NoteSigner } from "@sworn/core";
import { Client, type ClientConfig } from "pg";
import { lockDataHome, prepareDataHome } from "../adapters/data-home/index.ts";
import { openFileTileStore } from "../adapters/fs/tile-store.ts";
import { type FileKeyRing, openKeyRing } from "../adapters/keys/index.ts";
import { connectRunningPostgres, startEmbeddedPostgres } from "../adapters/postgres/embedded/index.ts";
import {
  loginConfig,
  loginSecretOf,
  openDatabase,
  type OpenDatabase,
  setUpDatabase,
} from "../adapters/postgres/index.ts";
import { setUpQueue } from "../adapters/queue/index.ts";
import { createLog as createCustodyLog, logSigner, type AppendDeps } from "../capabilities/custody/index.ts";
import { systemClock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { TileStore } from "../ports/tile-store.ts";
import type { Config } from "./config.ts";

export const SOFTWARE = "sworn 0.1.0";

/** What every entry point stands on: home, keys, database, log. */
export interface Ground {
  readonly config: Config;
  readonly log: Log;
  readonly keyRing: FileKeyRing;
  readonly signer: NoteSigner;
  readonly ownerConfig: ClientConfig;
  readonly appConfig: ClientConfig;
  readonly authConfig: ClientConfig;
  readonly database: OpenDatabase;
  readonly tileStore: TileStore;
  readonly custody: AppendDeps;
  /** One statement as the database's owner: set-up and looking at the schema, nothing else. */
  readonly asOwner: (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }>;
  /** Resolves when the database ended without being asked to. */
  readonly databaseLost: Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens the data home and its database. `serve` takes the home for itself; the other commands work `beside` a running
 * server when there is one, and otherwise start the database under the lock and stop what they started.
 */
export async function openGround(config: Config, purpose: string, log: Log, beside: boolean): Promise<Ground> {
  const undo: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const home = prepareDataHome(config.home);
    const running = beside && config.databaseUrl === null ? connectRunningPostgres(home.path) : null;
    if (running === null && !(beside && config.databaseUrl !== null)) {
      const lock = lockDataHome(home, purpose);
      undo.push(() => lock.release());
    }
    let databaseLost: Promise<string> = new Promise(() => undefined);
    let ownerConfig: ClientConfig;
    if (config.databaseUrl !== null) ownerConfig = { connectionString: config.databaseUrl };
    else if (running === null) {
      const lines = { info: (m: string) => log.info({}, m), warn: (m: string) => log.warn({}, m) };
      const postgres = await startEmbeddedPostgres({ dataHome: home.path, log: lines });
      undo.push(() => postgres.stop());
      ownerConfig = { ...postgres.owner };
      databaseLost = postgres.exited;
    } else ownerConfig = { ...running };

    const origin = `sworn-${randomBytes(6).toString("hex")}`;
    const place = {
      folder: home.secrets,
      ...(config.masterKeyFile === null ? {} : { masterKeyFile: config.masterKeyFile }),
    };
    const keyRing = openKeyRing(place, config.publicUrl === null ? origin : `${new URL(config.publicUrl).host}/log`);
    const loginSecret = loginSecretOf(keyRing);
    await setUpDatabase({ ownerConfig, loginSecret, log, extra: [setUpQueue] });
    const database = openDatabase({ ownerConfig, loginSecret, log });
    undo.push(() => database.close());
    const signer = logSigner(keyRing);
    const custody: AppendDeps = { clock: systemClock, software: SOFTWARE };
    await createCustodyLog({
      ...custody,
      database,
      signer,
      asOwner: (text, values) => asOwner(ownerConfig, text, values),
    });
    return {
      config,
      log,
      keyRing,
      signer,
      ownerConfig,
      appConfig: loginConfig(ownerConfig, "sworn_app", loginSecret),
      authConfig: loginConfig(ownerConfig, "sworn_auth", loginSecret),
      database,
      tileStore: openFileTileStore(join(config.home, "log")),
      custody,
      asOwner: (text, values = []) => asOwner(ownerConfig, text, values),
      databaseLost,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function asOwner(config: ClientConfig, text: string, values: readonly unknown[]): Promise<{ rows: unknown[] }> {
  const client = new Client(config);
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(text, [...values]);
  } finally {
    await client.end();
  }
}

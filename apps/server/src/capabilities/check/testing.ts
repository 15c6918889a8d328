import { randomUUID } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@sworn/core";

import { type FsBlobStore, openFsBlobStore } from "../../adapters/fs/blob-store.ts";
import { openFileTileStore } from "../../adapters/fs/tile-store.ts";
import { openKeyRing } from "../../adapters/keys/index.ts";
import { schemaDrift } from "../../adapters/postgres/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KeyRing } from "../../ports/key-ring.ts";
import type { Log } from "../../ports/log.ts";
import type { TileStore } from "../../ports/tile-store.ts";
import { createLog, logSigner, type SequencerDeps, startSequencer } from "../custody/index.ts";
import { type AdmitDeps, makeDiskReserve, makeEvidenceKeys } from "../intake/index.ts";
import type { CheckDeps } from "./run-check.ts";

/** One whole deployment on a machine of its own: database, objects, tiles, keys. */
export interface TestDeployment {
  readonly db: TestDatabase;
  readonly folder: string;
  readonly keyRing: KeyRing;
  readonly blobStore: FsBlobStore;
  readonly tileStore: TileStore;
  readonly admit: AdmitDeps;
  readonly custody: SequencerDeps;
  readonly check: CheckDeps;
  /** Gives everything that waits its place and publishes it. */
  settle(): Promise<void>;
  /** A copy that can be damaged: database, objects and tiles as they are now. Ends this one's connections. */
  freeze(): Promise<{ copy(): Promise<TestDeployment> }>;
  close(): Promise<void>;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export async function createTestDeployment(from?: { template: string; folder: string }): Promise<TestDeployment> {
  const db = await createTestDatabase(from === undefined ? {} : { template: from.template });
  const folder = await mkdtemp(join(tmpdir(), "sworn-test-check-"));
  if (from !== undefined) await cp(from.folder, folder, { recursive: true, preserveTimestamps: true });
  const keyRing = openKeyRing({ folder: join(folder, "secrets") }, "log.harbor.example/sworn");
  const blobStore = await openFsBlobStore(join(folder, "objects"));
  const tileStore = openFileTileStore(join(folder, "log"));
  const { database } = db;
  const custody: SequencerDeps = {
    database,
    tileStore,
    signer: logSigner(keyRing),
    clock,
    software: "sworn 0.1.0",
    log: silent,
  };
  const diskReserve = makeDiskReserve({ blobStore, clock }, { minFreeBytes: 0, minFreeShare: 0 });
  const admit: AdmitDeps = { blobStore, database, evidenceKeys: makeEvidenceKeys({ keyRing }), diskReserve };
  const owner = (text: string, values: readonly unknown[]) =>
    db.owner().then((c) => c.query<object>(text, [...values]));
  await createLog({ ...custody, asOwner: owner });
  const check: CheckDeps = {
    database,
    blobStore,
    keyRing,
    tileStore,
    clock,
    schemaDrift: async () => {
      const client = await db.owner();
      return await schemaDrift((text) => client.query<{ line: string }>(text));
    },
  };
  const frozen: string[] = [];
  return {
    db,
    folder,
    keyRing,
    blobStore,
    tileStore,
    admit,
    custody,
    check,
    async settle() {
      const running = startSequencer(custody, 10);
      await running.drain();
      await running.stop();
    },
    async freeze() {
      await db.disconnect();
      const still = await mkdtemp(join(tmpdir(), "sworn-test-frozen-"));
      await cp(folder, still, { recursive: true, preserveTimestamps: true });
      frozen.push(still);
      return { copy: () => createTestDeployment({ template: db.name, folder: still }) };
    },
    async close() {
      blobStore.close();
      await db.close();
      for (const path of [folder, ...frozen.splice(0)]) await rm(path, { recursive: true, force: true });
    },
  };
}
export const newId = (): string => randomUUID();
export const hex = (bytes: Uint8Array): string => toHex(bytes);

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openFileTileStore } from "../../adapters/fs/tile-store.ts";
import { openKeyRing } from "../../adapters/keys/index.ts";
import { createTestDatabase, type TestDatabase } from "../../adapters/postgres/testing.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KeyRing } from "../../ports/key-ring.ts";
import { createLog } from "./create-log.ts";
import { logSigner } from "./log-signer.ts";
import type { SequencerDeps } from "./run-sequencer.ts";

export interface TestLog {
  readonly db: TestDatabase;
  readonly keyRing: KeyRing;
  readonly folder: string;
  readonly deps: SequencerDeps;
  /** The time as the test says; starts on 20 November 2026. */
  readonly time: { now: number };
  /** What the sequencer told the operator. */
  readonly alarms: { level: string; message: string; fields: object }[];
  close(): Promise<void>;
}

/** A database of its own with a begun log, real keys and real tile files in a temporary folder. */
export async function createTestLog(): Promise<TestLog> {
  const db = await createTestDatabase({ appConnections: 12 });
  const folder = await mkdtemp(join(tmpdir(), "sworn-test-log-"));
  const keyRing = openKeyRing({ folder: join(folder, "secrets") }, "log.harbor.example/sworn");
  const time = { now: Date.UTC(2026, 10, 20, 21, 3, 58, 120) };
  const clock: Clock = { now: () => time.now, monotonic: () => performance.now() };
  const alarms: TestLog["alarms"] = [];
  const record =
    (level: string) =>
    (fields: object, message: string): void =>
      void alarms.push({ level, message, fields });
  const deps: SequencerDeps = {
    database: db.database,
    tileStore: openFileTileStore(join(folder, "log")),
    signer: logSigner(keyRing),
    clock,
    software: "sworn 0.1.0",
    log: { info: record("info"), warn: record("warn"), error: record("error") },
  };
  await createLog({
    ...deps,
    asOwner: async (text, values) => (await db.owner()).query<object>(text, [...values]),
  });
  return {
    db,
    keyRing,
    folder,
    deps,
    time,
    alarms,
    async close() {
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemFiles } from "../../adapters/fs/blob-store-files.ts";
import type { FileLayer } from "../../adapters/fs/blob-store-files.ts";
import { type FsBlobStore, openFsBlobStore } from "../../adapters/fs/blob-store.ts";
import { type FileKeyRing, openKeyRing } from "../../adapters/keys/index.ts";
import { type TestDatabase, createTestDatabase } from "../../adapters/postgres/testing.ts";
import { systemClock } from "../../ports/clock.ts";
import {
  type DiskReserve,
  type EvidenceKeys,
  type SealThreads,
  makeDiskReserve,
  makeEvidenceKeys,
  startSealThreads,
} from "./index.ts";

export interface IntakeFixture {
  readonly test: TestDatabase;
  readonly database: TestDatabase["database"];
  readonly folder: string;
  readonly blobStore: FsBlobStore;
  readonly keyRing: FileKeyRing;
  readonly evidenceKeys: EvidenceKeys;
  readonly diskReserve: DiskReserve;
  readonly sealStream: SealThreads["sealStream"];
  readonly agencyId: string;
  end(): Promise<void>;
}

/** A real database, real files and real keys for one test file. */
export async function makeIntakeFixture(options: { files?: FileLayer; root?: string } = {}): Promise<IntakeFixture> {
  const folder = mkdtempSync(join(tmpdir(), "sworn-intake-"));
  const test = await createTestDatabase();
  const blobStore = await openFsBlobStore(options.root ?? join(folder, "objects"), options.files ?? systemFiles);
  const keyRing = openKeyRing({ folder: join(folder, "secrets") }, "sworn.example/log");
  // The machine that runs the tests may be nearly full without that being their subject.
  const diskReserve = makeDiskReserve({ blobStore, clock: systemClock }, { minFreeBytes: 0, minFreeShare: 0 });
  const threads = startSealThreads(1);
  return {
    sealStream: threads.sealStream,
    test,
    database: test.database,
    folder,
    blobStore,
    keyRing,
    evidenceKeys: makeEvidenceKeys({ keyRing }),
    diskReserve,
    agencyId: await test.agency("Harbor Police (test)"),
    async end() {
      await threads.stop();
      await test.close();
      blobStore.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}

import { createHash, randomBytes, randomUUID } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BlobError, type BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import { type Spool, SpoolError } from "../../ports/spool.ts";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { type Broken, type Camera, makeMedia, makeRecordingsRig, type RecordingsRig } from "./testing.ts";

let rig: RecordingsRig;
let camera: Camera;
const media = makeMedia(3);
const whole = Buffer.concat([media.init, ...media.fragments]);

beforeAll(async () => {
  rig = await makeRecordingsRig();
  camera = await rig.key("device");
});
afterAll(async () => await rig.end());
beforeEach(() => rig.errors.splice(0));

const at = (id: string, rest: string): string => `/api/v1/recordings/${id}/${rest}`;
const put = async (id: string, n: number) =>
  await rig.put(
    camera,
    at(id, n === -1 ? "takes/0/init" : `takes/0/fragments/${n}`),
    n === -1 ? media.init : (media.fragments[n] ?? Buffer.alloc(0)),
  );
const close = (id: string) =>
  rig.send(camera, "POST", at(id, "close"), { takes: [{ take: 0, fragments: media.fragments.length }] });

async function sendAll(id: string): Promise<void> {
  for (let n = -1; n < media.fragments.length; n++) expect((await put(id, n)).status).toBe(200);
}

/** The end of every story here: stored once, whole, every fragment a `stored`, each root and the item once in the log. */
async function expectStored(id: string): Promise<void> {
  await rig.settle(id, "stored");
  const { database, agencyId } = rig.intake;
  const found = await database.forAgency(agencyId, async (tx) => {
    const evidence = await tx.selectFrom("sworn.evidence").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const take = await tx.selectFrom("sworn.take").selectAll().where("recording_id", "=", id).executeTakeFirstOrThrow();
    const spooled = await tx
      .selectFrom("sworn.fragment")
      .select("n")
      .where("take_id", "=", take.id)
      .where("spool_node", "is not", null)
      .execute();
    const entries = await tx
      .selectFrom("custody.entry")
      .select("kind")
      .where("subject_id", "=", id)
      .orderBy("n")
      .execute();
    return { evidence, take, spooled, kinds: entries.map((entry) => entry.kind) };
  });
  expect(Buffer.from(found.evidence.sha256 ?? [])).toEqual(createHash("sha256").update(whole).digest());
  expect(found.evidence.size).toBe(whole.length);
  expect(found.spooled).toEqual([]);
  const file = await openFile(rig.intake, agencyId, found.take.file_id);
  expect((await collect(file.bytes)).equals(whole)).toBe(true);
  expect(found.kinds).toEqual(["recording.opened", "take.opened", "recording.closed", "take.root", "evidence.stored"]);
}

/**
 * A database whose transactions fail, before or right after they committed, where `when` says so of their result. The
 * one that writes a span answers `true`.
 */
function failing(real: Database, when: (result: unknown) => "before" | "after" | null): Database {
  return {
    ...real,
    withoutAgency: (work) => real.withoutAgency(work),
    asSequencer: (work) => real.asSequencer(work),
    asChecker: (work) => real.asChecker(work),
    agencyIds: () => real.agencyIds(),
    async forAgency(agencyId, work) {
      let mode: "before" | "after" | null = null;
      const result = await real.forAgency(agencyId, async (tx) => {
        const done = await work(tx);
        mode = when(done);
        if (mode === "before") throw new Error("the database went away before the commit");
        return done;
      });
      if (mode === "after") throw new Error("the answer of the commit was lost");
      return result;
    },
  };
}

function brokenStore(real: BlobStore, put: BlobStore["put"]): BlobStore {
  return {
    put,
    get: (key, range) => real.get(key, range),
    size: (key) => real.size(key),
    list: () => real.list(),
    remove: (key) => real.remove(key),
    free: () => real.free(),
  };
}

function brokenSpool(spool: Spool, parts: Partial<Spool>): Spool {
  return {
    node: spool.node,
    append: (sealed) => spool.append(sealed),
    read: (place) => spool.read(place),
    closedSegments: () => spool.closedSegments(),
    release: (segment) => spool.release(segment),
    rotate: () => spool.rotate(),
    stop: () => spool.stop(),
    ...parts,
  };
}

describe("a roll that dies", () => {
  const store = (): BlobStore => rig.intake.blobStore;
  const cases: { name: string; broken: () => Broken }[] = [
    {
      name: "while it reads the spool",
      broken: () => ({
        spool: (spool) => brokenSpool(spool, { read: () => Promise.reject(new SpoolError("missing", "gone")) }),
      }),
    },
    {
      name: "while the object is written",
      broken: () => ({
        blobStore: brokenStore(store(), async (_key, bytes) => {
          for await (const piece of bytes) if (piece.length > 0) break;
          throw new BlobError("not-durable", "the disk failed");
        }),
      }),
    },
    {
      name: "after the object is durable, before it is known to be",
      broken: () => ({
        blobStore: brokenStore(store(), async (key, bytes, options) => {
          await store().put(key, bytes, options);
          throw new BlobError("unavailable", "the answer was lost");
        }),
      }),
    },
    {
      name: "after it was read back, before the commit",
      broken: () => {
        let puts = 0;
        return {
          blobStore: brokenStore(store(), async (key, bytes, options) => {
            const put = await store().put(key, bytes, options);
            puts += 1;
            return put;
          }),
          database: failing(rig.intake.database, (result) => (puts > 0 && result === true ? "before" : null)),
        };
      },
    },
    {
      name: "right after the commit",
      broken: () => {
        let puts = 0;
        return {
          blobStore: brokenStore(store(), async (key, bytes, options) => {
            const put = await store().put(key, bytes, options);
            puts += 1;
            return put;
          }),
          database: failing(rig.intake.database, (result) => (puts > 0 && result === true ? "after" : null)),
        };
      },
    },
  ];
  for (const { name, broken } of cases)
    it(`${name} is done again after the next start`, async () => {
      const id = await rig.open(camera);
      await sendAll(id);
      await rig.restart({}, broken());
      const closed = await close(id);
      expect(closed.status).toBe(200);
      await rig.recordings().look();
      expect(rig.errors.join("\n")).not.toBe("");
      await rig.restart();
      await expectStored(id);
    });
});

describe("an answer", () => {
  it("is not given for what the disk did not keep; sent again it is received", async () => {
    const id = await rig.open(camera);
    let failures = 2;
    await rig.restart(
      {},
      {
        spool: (spool) =>
          brokenSpool(spool, {
            append: (sealed) => {
              failures -= 1;
              if (failures >= 0) return Promise.reject(new SpoolError(failures === 1 ? "not-durable" : "full", "disk"));
              return spool.append(sealed);
            },
          }),
      },
    );
    expect(await put(id, -1)).toMatchObject({ status: 503, body: { code: "storage-failed" } });
    expect(await put(id, -1)).toMatchObject({ status: 507, body: { code: "disk-full" } });
    expect((await rig.status(camera, id)).takes).toMatchObject([{ init: false, received: 0 }]);
    await rig.restart();
    await sendAll(id);
    await close(id);
    await expectStored(id);
  });

  it("that was lost after the commit is given again, and nothing is there twice", async () => {
    const id = await rig.open(camera);
    let mode: "before" | "after" | null = null;
    await rig.restart({}, { database: failing(rig.intake.database, () => mode) });
    for (let n = -1; n < media.fragments.length; n++) {
      mode = null;
      await rig.status(camera, id);
      mode = n % 2 === 0 ? "after" : "before";
      expect((await put(id, n)).status).toBe(500);
      mode = null;
      expect(await put(id, n)).toMatchObject({ status: 200, body: { state: "received", n } });
    }
    await rig.restart();
    await close(id);
    await expectStored(id);
  });
});

describe("a spool", () => {
  it("of a killed process is adopted by its rows; what no row names is let go", async () => {
    const id = await rig.open(camera);
    await sendAll(id);
    await rig.spool().append(randomBytes(5000)); // durable, but its row was never committed
    await rig.restart();
    const stray = (await rig.spool().closedSegments()).length;
    expect(stray).toBeGreaterThan(0);
    await rig.recordings().look();
    expect((await rig.spool().closedSegments()).length).toBeGreaterThan(0); // still needed by the fragments
    await close(id);
    await expectStored(id);
    await rig.recordings().look();
    expect(await rig.spool().closedSegments()).toEqual([]);
  });

  it("keeps a segment whose rows are about to commit, even when it is closed and nothing names it yet", async () => {
    const id = await rig.open(camera);
    let hold: { reached: () => void; until: Promise<void> } | null = null;
    const real = rig.intake.database;
    const slow: Database = {
      ...failing(real, () => null),
      async forAgency(agencyId, work) {
        const waits = hold;
        hold = null; // only the next transaction, which is the commit of the fragment's row
        waits?.reached();
        await waits?.until;
        return await real.forAgency(agencyId, work);
      },
    };
    await rig.restart({}, { database: slow });
    expect((await put(id, -1)).status).toBe(200);
    await rig.spool().rotate(); // fragment 0 gets a segment of its own
    const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    hold = { reached: reached.resolve, until: gate.promise };
    const answer = put(id, 0);
    await reached.promise;
    await rig.spool().rotate();
    await rig.recordings().look();
    gate.resolve();
    expect((await answer).status).toBe(200);
    for (const n of [1, 2]) expect((await put(id, n)).status).toBe(200);
    await close(id);
    await expectStored(id);
    await rig.restart();
  });

  it("that was damaged is never rolled; the take is not called stored, and other takes go on", async () => {
    const [hurt, well] = [await rig.open(camera), randomUUID()];
    await sendAll(hurt);
    await rig.restart();
    const folder = join(rig.intake.folder, "spool");
    const segment = (await readdir(folder))
      .filter((name) => name.endsWith(".spool"))
      .toSorted()
      .at(-1);
    const file = await open(join(folder, segment ?? ""), "r+");
    const { size } = await file.stat();
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, size - 100);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, size - 100);
    await file.close();
    await close(hurt);
    await rig.open(camera, well);
    await sendAll(well);
    await close(well);
    await expectStored(well);
    await rig.recordings().look();
    expect(rig.errors.join("\n")).toContain("does not open");
    expect((await rig.status(camera, hurt)).takes).toMatchObject([
      { state: "sealing", received: 3, stored: 0, sha256: null },
    ]);
    // The camera still has the bytes; here the damage is undone, and the take goes its way.
    const again = await open(join(folder, segment ?? ""), "r+");
    await again.write(byte, 0, 1, size - 100);
    await again.close();
    rig.time.offset += 11_000;
    await expectStored(hurt);
  });

  it("of another node is left alone: the camera is told to ask there", async () => {
    const id = await rig.open(camera);
    expect((await put(id, -1)).status).toBe(200);
    await rig.restart({}, { spoolFolder: "other-spool" });
    expect(await put(id, 0)).toMatchObject({ status: 421, body: { code: "wrong-node" } });
    await rig.recordings().look();
    await rig.restart();
    for (let n = 0; n < 3; n++) expect((await put(id, n)).status).toBe(200);
    await close(id);
    await expectStored(id);
  });
});

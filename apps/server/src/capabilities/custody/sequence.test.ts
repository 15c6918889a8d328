import { randomUUID } from "node:crypto";
import { rm, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  fromBase64,
  fromHex,
  hashCustodyLeaf,
  parseCheckpoint,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from "@sworn/core";
import { afterEach, beforeEach, expect, test } from "vitest";

import { append } from "./append.ts";
import { createLog } from "./create-log.ts";
import { publish } from "./publish.ts";
import { readHistory } from "./read-history.ts";
import { readConsistency, readInclusion, readInclusionOf } from "./read-proofs.ts";
import { startSequencer } from "./run-sequencer.ts";
import { sequence } from "./sequence.ts";
import { createTestLog, type TestLog } from "./testing.ts";
import { readLastCheckpoint } from "./tree-store.ts";

let log: TestLog;
let agency: string;
beforeEach(async () => {
  log = await createTestLog();
  agency = await log.db.agency("Harbor Police");
});
afterEach(async () => log.close());

async function appendMany(count: number, subject: string = randomUUID()): Promise<string> {
  await log.db.database.forAgency(agency, async (tx) => {
    for (let i = 0; i < count; i += 1) {
      await append(tx, log.deps, agency, {
        kind: "evidence.viewed",
        subject: { kind: "evidence", id: subject },
        actorId: null,
      });
    }
  });
  return subject;
}
const last = () => log.db.database.withoutAgency(readLastCheckpoint);
const edit = async (statement: string, values: unknown[] = []) => {
  const owner = await log.db.owner();
  const table = /custody\.\w+/.exec(statement)?.[0] ?? "";
  await owner.query(`alter table ${table} disable trigger all`);
  await owner.query(statement, values);
  await owner.query(`alter table ${table} enable always trigger append_only`).catch(() => undefined);
};

test("batches grow one tree whose signed checkpoints prove every leaf and each other", async () => {
  const subject = await appendMany(300);
  // A small batch on purpose: checkpoints inside the run, right edges of every shape.
  for (let result = await sequence(log.deps, 97); result !== "busy" && result.more;)
    result = await sequence(log.deps, 97);
  const checkpoint = await last();
  expect(checkpoint?.size).toBe(301);
  const policy = { origin: log.deps.signer.key.name, logKeys: [log.deps.signer.key] };
  expect(verifyCheckpoint(checkpoint?.note ?? "", policy)).toMatchObject({
    size: 301,
    root: new Uint8Array(checkpoint?.root ?? []),
  });

  await log.db.database.withoutAgency(async (tx) => {
    for (const [index, size] of [
      [0, 97],
      [96, 97],
      [0, 301],
      [255, 301],
      [256, 301],
      [300, 301],
    ] as const) {
      const answer = await readInclusion(tx, index, size);
      const leafHash = hashCustodyLeaf(fromHex(answer.commitment));
      verifyInclusion({ leafHash, index, size, proof: answer.proof.map(fromBase64), root: fromHex(answer.root) });
    }
    const { size1, size2, root1, root2, proof } = await readConsistency(tx, 97, 301);
    verifyConsistency({ size1, size2, root1: fromHex(root1), root2: fromHex(root2), proof: proof.map(fromBase64) });
    await expect(readInclusion(tx, 0, 98)).rejects.toMatchObject({ code: "log-size-unknown" });
    await expect(readInclusion(tx, 301)).rejects.toMatchObject({ code: "not-logged-yet" });
    await expect(readInclusionOf(tx, "00".repeat(32))).rejects.toMatchObject({ code: "not-found" });
  });

  const history = await log.db.database.forAgency(agency, (tx) =>
    readHistory(tx, { kind: "evidence", id: subject }, "agency", {
      namesOf: async () => new Map(),
      knownOf: async () => new Set(),
    }),
  );
  expect(history.entries).toHaveLength(300);
  const root = parseCheckpoint((history.checkpoint ?? "").split("\n\n")[0] + "\n").root;
  for (const { index, proof, commitment } of history.entries) {
    const leafHash = hashCustodyLeaf(fromHex(commitment));
    verifyInclusion({ leafHash, index: index ?? -1, size: 301, proof: (proof ?? []).map(fromBase64), root });
  }
  expect(history.entries[0]?.sentence).toBe("The server viewed the item.");
});

test("sequencers that run at once give each event one place", async () => {
  await Promise.all(Array.from({ length: 8 }, () => appendMany(25)));
  const many = Array.from({ length: 6 }, async () => {
    for (let i = 0; i < 20; i += 1) await sequence(log.deps, 10);
  });
  await Promise.all(many);
  while (((await sequence(log.deps)) as { more: boolean }).more);
  expect((await last())?.size).toBe(201);
  const { rows } = await (await log.db.owner()).query("select count(*) from custody.pending");
  expect(rows).toEqual([{ count: "0" }]);
});

test.each([
  [
    "a node of the right edge is altered",
    "update custody.node set hash = sha256('x') where level = 3 and index = 0",
    "frontier-mismatch",
  ],
  ["a node of the right edge is gone", "delete from custody.node where level = 3 and index = 0", "node-missing"],
  ["the last leaves are gone", "delete from custody.leaf where index >= 8", "leaves-mismatch"],
  [
    "the last checkpoint is gone",
    "delete from custody.checkpoint where size = (select max(size) from custody.checkpoint)",
    "leaves-mismatch",
  ],
  ["the signed root is altered", "update custody.checkpoint set root = sha256('x')", "checkpoint-invalid"],
  [
    "the note is altered",
    "update custody.checkpoint set note = replace(note, 'harbor', 'harbour')",
    "checkpoint-invalid",
  ],
])("nothing is signed when %s", async (_, statement, code) => {
  await appendMany(4);
  await sequence(log.deps);
  await appendMany(4);
  await sequence(log.deps);
  await edit(statement);
  await appendMany(1);
  const before = await last();
  await expect(sequence(log.deps)).rejects.toMatchObject({ code });
  expect(await last()).toEqual(before);
});

test("another key or origin than the log began with is refused at start", async () => {
  const owner = await log.db.owner();
  const asOwner = async (text: string, values: readonly unknown[]) => owner.query<object>(text, [...values]);
  await createLog({ ...log.deps, asOwner });
  await owner.query("update sworn.deployment set log_origin = 'log.hill.example/sworn'");
  await expect(createLog({ ...log.deps, asOwner })).rejects.toMatchObject({ code: "key-mismatch" });
});

test("the running sequencer publishes tiles that hold the tree, and repairs them at the next start", async () => {
  await appendMany(299);
  const running = startSequencer(log.deps, 20);
  await running.drain();
  await running.stop();
  const tiles = join(log.folder, "log");
  expect(await readFile(join(tiles, "checkpoint"), "utf8")).toBe((await last())?.note);
  const leaves = await readFile(join(tiles, "tile/0/000"));
  const { rows } = await (
    await log.db.owner()
  ).query<{ leaf_hash: Buffer }>("select leaf_hash from custody.leaf order by index limit 256");
  expect(leaves).toEqual(Buffer.concat(rows.map(({ leaf_hash: hash }) => hash)));
  expect((await readFile(join(tiles, "tile/entries/001.p/44"))).length).toBe(44 * (2 + 54));
  expect((await readFile(join(tiles, "tile/1/000.p/1"))).length).toBe(32);

  await rm(join(tiles, "tile/0/000"));
  await writeFile(join(tiles, "tile/1/000.p/1"), "not a hash");
  const again = startSequencer(log.deps, 20);
  await again.drain();
  await expect.poll(() => log.alarms.length).toBe(1);
  await again.stop();
  expect(await readFile(join(tiles, "tile/0/000"))).toEqual(leaves);
  expect(log.alarms).toMatchObject([{ level: "warn", fields: { repaired: 2 } }]);
});

test("a database that was rolled back behind its public copy stops the log", async () => {
  await appendMany(4);
  await sequence(log.deps);
  const older = await last();
  await appendMany(4);
  await sequence(log.deps);
  await publish(log.deps);
  await edit("delete from custody.checkpoint where size > $1", [older?.size]);
  await edit("delete from custody.leaf where index >= $1", [older?.size]);
  await edit("delete from custody.node");
  await appendMany(1);
  const running = startSequencer(log.deps, 20);
  await running.drain();
  await running.stop();
  expect(running.failure()).toMatchObject({ code: "public-copy-ahead" });
  expect((await last())?.size).toBe(older?.size);
  expect(log.alarms.at(-1)).toMatchObject({ level: "error", fields: { code: "public-copy-ahead" } });
});

test("an idle log gets a heartbeat leaf after an hour, a busy one none", async () => {
  await sequence(log.deps);
  const size = async () => (await last())?.size;
  expect(await size()).toBe(1);
  const turn = async () => {
    const running = startSequencer(log.deps, 20);
    await running.drain();
    await running.stop();
  };
  log.time.now += 59 * 60 * 1000;
  await turn();
  expect(await size()).toBe(1);
  log.time.now += 2 * 60 * 1000;
  await turn();
  expect(await size()).toBe(2);
  await turn();
  expect(await size()).toBe(2);
});

test("a commitment queued twice does not stop the log", async () => {
  await appendMany(2);
  await sequence(log.deps);
  const app = await log.db.login("sworn_app");
  await app.query("insert into custody.pending (commitment) select commitment from custody.leaf limit 1");
  await appendMany(1);
  expect(await sequence(log.deps)).toMatchObject({ taken: 1 });
});

test("a public copy that cannot be written keeps no event from its place", async () => {
  await appendMany(2);
  const refuse = () => Promise.reject(Object.assign(new Error("no space left"), { code: "ENOSPC" }));
  const running = startSequencer({ ...log.deps, tileStore: { ...log.deps.tileStore, put: refuse } }, 20);
  await running.drain();
  await appendMany(1);
  await running.drain();
  await running.stop();
  expect((await last())?.size).toBe(4);
  expect(running.failure()).toBeNull();
  expect(log.alarms.map(({ message }) => message)).toContain("the custody log waits");
});

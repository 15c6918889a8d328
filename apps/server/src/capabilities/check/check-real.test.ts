import { randomUUID } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openFileTileStore } from "../../adapters/fs/tile-store.ts";
import { schemaDrift } from "../../adapters/postgres/index.ts";
import { systemClock } from "../../ports/clock.ts";
import { append, createLog, logSigner, startSequencer } from "../custody/index.ts";
import { makeUploadsRig, mp4Bytes, type UploadsRig } from "../intake/uploads.testing.ts";
import { makeMedia, makeRecordingsRig, type RecordingsRig } from "../recordings/testing.ts";
import { type CheckDeps, exitCodeOf, runCheck } from "./index.ts";

// What the other tests fill by hand, written here by intake itself: the check and intake must mean the same.

let rig: RecordingsRig;
let uploads: UploadsRig;
let check: CheckDeps;
let settleLog: () => Promise<void>;

beforeAll(async () => {
  rig = await makeRecordingsRig({ rollAfterMs: 60_000 });
  const { intake } = rig;
  uploads = await makeUploadsRig({}, intake);
  const { database, blobStore, keyRing, agencyId } = intake;
  const tileStore = openFileTileStore(join(intake.folder, "log"));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const custody = { database, tileStore, signer: logSigner(keyRing), clock: systemClock, software: "sworn test", log };
  const owner = await intake.test.owner();
  await createLog({ ...custody, asOwner: (text, values) => owner.query<object>(text, [...values]) });
  await database.forAgency(agencyId, (tx) =>
    append(tx, custody, agencyId, { kind: "agency.created", subject: { kind: "agency", id: agencyId }, actorId: null }),
  );
  settleLog = async () => {
    const running = startSequencer(custody, 10);
    await running.drain();
    await running.stop();
  };
  check = {
    database,
    blobStore,
    keyRing,
    tileStore,
    clock: systemClock,
    schemaDrift: () => schemaDrift((text) => owner.query<{ line: string }>(text)),
    spool: rig.spool(),
  };
});
afterAll(async () => {
  await uploads.end();
  await rig.end().catch(() => undefined);
});

test("what uploads and cameras leave, finished or not, gives no finding", async () => {
  const token = await uploads.person();
  await logPeople();
  for (const patches of [[300_000], [150_000, 90_000]]) {
    const length = patches.reduce((sum, size) => sum + size, 0);
    const path = await uploads.create(token, length, { filename: "clip.mp4", filetype: "video/mp4" });
    let offset = 0;
    for (const size of patches) {
      const whole = mp4Bytes(size);
      expect((await uploads.patch(token, path, offset, whole)).status).toBe(204);
      offset += size;
    }
    await uploads.seal(path);
  }
  const unfinished = await uploads.create(token, 500_000, { filename: "later.mp4", filetype: "video/mp4" });
  await uploads.patch(token, unfinished, 0, mp4Bytes(200_000));
  const given = await uploads.create(token, 500_000, { filename: "given-up.mp4", filetype: "video/mp4" });
  await uploads.patch(token, given, 0, mp4Bytes(100_000));
  expect((await uploads.send(token, "DELETE", given, { "tus-resumable": "1.0.0" })).status).toBe(204);

  await sendOddUploads(token);

  const camera = await rig.key("device", "Body 17");
  const media = makeMedia(3);
  const done = await rig.open(camera);
  await sendTake(done, camera, media, 3);
  await rig.send(camera, "POST", `/api/v1/recordings/${done}/close`, {
    reason: "button",
    takes: [{ take: 0, fragments: 3 }],
  });
  await rig.settle(done, "stored");
  const live = await rig.open(camera, randomUUID());
  await sendTake(live, camera, media, 2);

  // Before the log is sequenced for the first time everything waits: that is no damage either.
  expect(await runCheck(check)).toEqual([]);
  await settleLog();
  const findings = await runCheck(check);
  expect(findings).toEqual([]);
  expect(exitCodeOf(findings)).toBe(0);
});

test("a fragment that is only received is opened in the spool", async () => {
  const folder = join(rig.intake.folder, "spool");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  let flipped = 0;
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const bytes = await readFile(path);
    for (let at = 0; at < bytes.length; at += 500) {
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      flipped += 1;
    }
    await writeFile(path, bytes);
  }
  expect(flipped).toBeGreaterThan(0);
  const findings = await runCheck(check);
  expect(findings.map(({ code }) => code)).toContain("fragment-unreadable");
  expect(exitCodeOf(findings)).toBe(1);
});

/** The same bytes twice, two files that are no video (one told by its first body, one later), and a lying hash. */
async function sendOddUploads(token: string): Promise<void> {
  const twice = mp4Bytes(120_000);
  for (const state of ["first", "again"]) {
    const path = await uploads.create(token, twice.length, { filename: `${state}.mp4` });
    await uploads.patch(token, path, 0, twice);
    await uploads.seal(path);
    expect(await uploads.status(token, path)).toMatchObject({ state: "stored", alreadyHeld: state === "again" });
  }
  for (const parts of [["<svg>it is a picture</svg>"], ["<svg>", "it is a picture</svg>"]]) {
    const path = await uploads.create(token, 26, { filename: "picture.mp4" });
    const answers = [];
    for (const [i, part] of parts.entries())
      answers.push((await uploads.patch(token, path, i === 0 ? 0 : 5, Buffer.from(part))).status);
    expect(answers.at(-1)).toBe(415);
    expect(await uploads.status(token, path)).toMatchObject({ state: "refused", code: "format-unsupported" });
  }
  const lying = mp4Bytes(80_000);
  const path = await uploads.create(token, lying.length, { filename: "lying.mp4", sha256: "0".repeat(64) });
  await uploads.patch(token, path, 0, lying);
  await uploads.seal(path);
  expect(await uploads.status(token, path)).toMatchObject({ state: "refused", code: "hash-mismatch" });
}

async function sendTake(
  id: string,
  camera: Awaited<ReturnType<RecordingsRig["key"]>>,
  media: ReturnType<typeof makeMedia>,
  count: number,
): Promise<void> {
  expect((await rig.put(camera, `/api/v1/recordings/${id}/takes/0/init`, media.init)).status).toBe(200);
  for (const [n, fragment] of media.fragments.slice(0, count).entries()) {
    expect((await rig.put(camera, `/api/v1/recordings/${id}/takes/0/fragments/${n}`, fragment)).status).toBe(200);
  }
}

/** The rig puts its people straight into the table; identity does it with an event. */
async function logPeople(): Promise<void> {
  const { database, agencyId } = rig.intake;
  await database.forAgency(agencyId, async (tx) => {
    for (const { id, roles } of await tx.selectFrom("sworn.person").select(["id", "roles"]).execute()) {
      const subject = { kind: "person", id } as const;
      const details = { roles: roles.join(" ") };
      const deps = { clock: systemClock, software: "sworn test" };
      await append(tx, deps, agencyId, { kind: "person.created", subject, actorId: null, details });
    }
  });
}

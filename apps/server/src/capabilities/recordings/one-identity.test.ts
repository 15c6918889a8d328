import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { parseEvent } from "@sworn/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FsSpool } from "../../adapters/fs/spool.ts";
import { serveRoutes } from "../../http/serve-routes.ts";
import { systemClock } from "../../ports/clock.ts";
import type { Jobs } from "../../ports/jobs.ts";
import { identify } from "../identity/index.ts";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { makeRecordings, type Recordings } from "./index.ts";
import {
  type Answer,
  type Camera,
  digestOf,
  makeMedia,
  makeRecordingsRig,
  noAccounts,
  type RecordingsRig,
} from "./testing.ts";

// Two cameras with one id: the key of one was copied to another, or two chose the same recording id. Two servers with
// a spool each on one database and one object store, since what one process remembers must not decide.

interface Node {
  put(camera: Camera, path: string, bytes: Uint8Array): Promise<Answer>;
  send(camera: Camera, method: string, path: string, body?: object): Promise<Answer>;
  /** What lies in this node's spool goes into the object store. */
  roll(): Promise<void>;
}

let rig: RecordingsRig;
let here: Node;
let there: Node;
let end: () => Promise<void>;
const media = makeMedia(3);
const other = makeMedia(3, 880);
const clock = { utc: "2026-11-20T10:00:00.000Z", source: "ntp", uncertaintyMs: 50 };

beforeAll(async () => {
  rig = await makeRecordingsRig({ rollAfterMs: 0 });
  here = {
    put: (camera, path, bytes) => rig.put(camera, path, bytes),
    send: (camera, method, path, body) => rig.send(camera, method, path, body),
    roll: () => rig.recordings().look(),
  };
  [there, end] = await startSecond(rig);
});
afterAll(async () => {
  await end();
  await rig.end();
});

async function startSecond({ intake }: RecordingsRig): Promise<[Node, () => Promise<void>]> {
  const { database, blobStore, evidenceKeys, diskReserve } = intake;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const spool = await FsSpool.open({ folder: join(intake.folder, "second-spool") });
  // The first server's queue works what both ask for; a job is a row.
  const jobs = { send: () => Promise.resolve() } as Pick<Jobs, "send"> as Jobs;
  const custody = { clock: systemClock, software: "sworn test" };
  const stores = { database, blobStore, evidenceKeys, diskReserve };
  const recordings: Recordings = makeRecordings(
    { ...stores, custody, clock: systemClock, jobs, log, spool },
    { rollAfterMs: 0 },
  );
  const server = serveRoutes({
    routes: recordings.routes,
    identify: (request) => identify({ database, accounts: noAccounts, clock: systemClock }, request),
    log,
    ownOrigins: () => [],
    checkAnswers: true,
  });
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  const ask = async (
    camera: Camera,
    method: string,
    path: string,
    headers: object,
    body: Uint8Array | string | null,
  ) => {
    const authorization = `Bearer ${camera.token}`;
    const answer = await fetch(url + path, {
      method,
      headers: { authorization, ...headers },
      body: typeof body === "string" || body === null ? body : Buffer.from(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const node: Node = {
    put: (camera, path, bytes) => ask(camera, "PUT", path, { "content-digest": digestOf(bytes) }, bytes),
    send: (camera, method, path, body) =>
      ask(
        camera,
        method,
        path,
        { "content-type": "application/json" },
        body === undefined ? null : JSON.stringify(body),
      ),
    roll: () => recordings.look(),
  };
  const stop = async (): Promise<void> => {
    await server.close();
    await recordings.stop();
    await spool.stop();
  };
  return [node, stop];
}

const at = (id: string, rest: string): string => `/api/v1/recordings/${id}/${rest}`;
const send = (node: Node, camera: Camera, id: string, n: number, source = media, take = 0): Promise<Answer> => {
  const bytes = n === -1 ? source.init : (source.fragments[n] ?? Buffer.alloc(0));
  return node.put(camera, at(id, `takes/${take}/${n === -1 ? "init" : `fragments/${n}`}`), bytes);
};
const outcome = ({ status, body }: Answer): unknown[] => [status, body["code"] ?? body["state"]];

/** The takes as they are stored, read back from the object store. */
async function storedTakes(id: string): Promise<Buffer[]> {
  await rig.settle(id, "stored");
  const { database, agencyId } = rig.intake;
  const takes = await database.forAgency(agencyId, (tx) =>
    tx.selectFrom("sworn.take").selectAll().where("recording_id", "=", id).orderBy("take").execute(),
  );
  return await Promise.all(
    takes.map(async (take) => await collect((await openFile(rig.intake, agencyId, take.file_id)).bytes)),
  );
}

async function conflicts(id: string): Promise<ReturnType<typeof parseEvent>[]> {
  const rows = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx
      .selectFrom("custody.entry")
      .innerJoin("custody.event_body", "entry_id", "id")
      .select("event")
      .where("subject_id", "=", id)
      .where("kind", "=", "fragment.conflict")
      .execute(),
  );
  return rows.map((row) => parseEvent(row.event));
}
const sha = (bytes: Uint8Array | undefined): string =>
  createHash("sha256")
    .update(bytes ?? Buffer.alloc(0))
    .digest("hex");
const whole = ({ init, fragments }: typeof media): Buffer => Buffer.concat([init, ...fragments]);

/** A take whose init both servers know, so that each believes fragment 0 to be next. */
async function knownToBoth(camera: Camera): Promise<string> {
  const id = await rig.open(camera);
  expect(outcome(await send(here, camera, id, -1))).toEqual([200, "received"]);
  // While its newest bytes lie in one server's spool, the other one sends the camera there.
  expect(outcome(await send(there, camera, id, -1))).toEqual([421, "wrong-node"]);
  await here.roll();
  expect(outcome(await send(there, camera, id, -1))).toEqual([200, "stored"]);
  return id;
}

describe("two cameras with one key in one take, at two servers", () => {
  it("the first keeps the number, the second is told so, the log says so, and both footages are stored", async () => {
    const camera = await rig.key("device");
    const id = await knownToBoth(camera);
    expect(outcome(await send(here, camera, id, 0))).toEqual([200, "received"]);
    await here.roll();
    // `there` still waits for fragment 0: only the row knows better.
    const refused = await send(there, camera, id, 0, other);
    expect(refused).toMatchObject({ status: 409, body: { code: "device-busy", n: 0 } });
    expect(refused.body["detail"]).toBe(
      "Another camera is sending under this identity. Its bytes came first and are kept; go on in a new part.",
    );
    const [logged, ...more] = await conflicts(id);
    expect(more).toEqual([]);
    expect(logged).toMatchObject({ hashes: { kept: sha(media.fragments[0]), refused: sha(other.fragments[0]) } });
    // The first goes on as if nothing had been; the second as it was told.
    for (const n of [1, 2]) expect(outcome(await send(here, camera, id, n))).toEqual([200, "received"]);
    for (const n of [-1, 0, 1, 2])
      expect(outcome(await send(there, camera, id, n, other, 1))).toEqual([200, "received"]);
    await there.roll();
    const takes = [0, 1].map((take) => ({ take, fragments: 3 }));
    expect((await here.send(camera, "POST", at(id, "close"), { takes })).status).toBe(200);
    expect((await storedTakes(id)).map(sha)).toEqual([sha(whole(media)), sha(whole(other))]);
  });

  it("at the same moment: of each number one is taken, whichever, and nothing is both", async () => {
    const camera = await rig.key("device");
    const id = await knownToBoth(camera);
    const kept: (typeof media)[] = [];
    for (let n = 0; n < 3; n++) {
      const answers = await Promise.all([send(here, camera, id, n, media), send(there, camera, id, n, other)]);
      const taken = answers.map((answer) => answer.status === 200);
      expect(taken.filter(Boolean)).toHaveLength(1);
      const code = answers[taken.indexOf(false)]?.body["code"];
      // Which of them depends on whether the winner's bytes still lie in its spool; none says "received".
      expect(["wrong-node", "device-busy", "fragment-conflict"]).toContain(code);
      kept.push(taken[0] === true ? media : other);
      await Promise.all([here.roll(), there.roll()]);
    }
    expect((await here.send(camera, "POST", at(id, "close"), { takes: [{ take: 0, fragments: 3 }] })).status).toBe(200);
    const expected = Buffer.concat([media.init, ...kept.map((source, n) => source.fragments[n] ?? Buffer.alloc(0))]);
    expect((await storedTakes(id)).map(sha)).toEqual([sha(expected)]);
  });
});

describe("one camera that goes from one server to the other", () => {
  it("whose answer was lost gets it again there: the same bytes are no second camera", async () => {
    const camera = await rig.key("device");
    const id = await knownToBoth(camera);
    expect(outcome(await send(here, camera, id, 0))).toEqual([200, "received"]);
    await here.roll();
    expect(outcome(await send(there, camera, id, 0))).toEqual([200, "stored"]);
    expect(await conflicts(id)).toEqual([]);
  });

  it("is not told of a gap that only one server's memory has", async () => {
    const camera = await rig.key("device");
    const id = await knownToBoth(camera);
    for (const n of [0, 1]) expect(outcome(await send(here, camera, id, n))).toEqual([200, "received"]);
    expect(outcome(await send(there, camera, id, 2))).toEqual([421, "wrong-node"]);
    await here.roll();
    expect(outcome(await send(there, camera, id, 2))).toEqual([200, "received"]);
    await there.roll();
    expect((await here.send(camera, "POST", at(id, "close"), { takes: [{ take: 0, fragments: 3 }] })).status).toBe(200);
    expect((await storedTakes(id)).map(sha)).toEqual([sha(whole(media))]);
  });
});

describe("two cameras that choose one recording id, at two servers at once", () => {
  it("the first has it; the other is told, gets nothing in, and records under an id of its own", async () => {
    const cameras = [await rig.key("device"), await rig.key("device")] as const;
    const id = randomUUID();
    const opens = await Promise.all([
      here.send(cameras[0], "POST", "/api/v1/recordings", { id, clock }),
      there.send(cameras[1], "POST", "/api/v1/recordings", { id, clock }),
    ]);
    expect(opens.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const first = opens[0].status === 201 ? 0 : 1;
    const [winner, loser] = [cameras[first], cameras[1 - first] ?? cameras[0]];
    expect(opens[1 - first]?.body).toMatchObject({
      code: "recording-conflict",
      title: "This recording id belongs to another camera or was opened otherwise.",
    });
    const ways = [here, there];
    for (const n of [-1, 0, 1, 2]) {
      expect(outcome(await send(here, winner, id, n))).toEqual([200, "received"]);
      for (const way of ways) {
        const { status, body } = await send(way, loser, id, n, other);
        expect([404, 409]).toContain(status);
        expect(["not-found", "recording-conflict"]).toContain(body["code"]);
      }
    }
    const closing = { takes: [{ take: 0, fragments: 3 }] };
    for (const way of ways) expect((await way.send(loser, "POST", at(id, "close"), closing)).status).not.toBe(200);
    expect((await here.send(winner, "POST", at(id, "close"), closing)).status).toBe(200);
    expect((await storedTakes(id)).map(sha)).toEqual([sha(whole(media))]);
    const own = await rig.open(loser);
    for (const n of [-1, 0, 1, 2]) expect(outcome(await send(here, loser, own, n, other))).toEqual([200, "received"]);
    expect((await here.send(loser, "POST", at(own, "close"), closing)).status).toBe(200);
    expect((await storedTakes(own)).map(sha)).toEqual([sha(whole(other))]);
  });

  it("with one key: what was asked otherwise is another recording, and says so", async () => {
    const camera = await rig.key("device");
    const id = randomUUID();
    expect((await here.send(camera, "POST", "/api/v1/recordings", { id, clock })).status).toBe(201);
    const later = { ...clock, utc: "2026-11-20T10:00:01.000Z" };
    const copy = await there.send(camera, "POST", "/api/v1/recordings", { id, clock: later });
    expect(outcome(copy)).toEqual([409, "recording-conflict"]);
    expect((await there.send(camera, "POST", "/api/v1/recordings", { id, clock })).status).toBe(200);
  });
});

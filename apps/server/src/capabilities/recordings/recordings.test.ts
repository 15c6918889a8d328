import { createHash, randomUUID } from "node:crypto";
import { request } from "node:http";
import { chunkRoot, fragmentRoot, parseEvent } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { type Camera, digestOf, makeMedia, makeRecordingsRig, type RecordingsRig } from "./testing.ts";

let rig: RecordingsRig;
let camera: Camera;
let custodian: Camera;
const media = makeMedia(4);
const other = makeMedia(3, 880);

beforeAll(async () => {
  rig = await makeRecordingsRig({ rollAfterMs: 60_000, graceMs: 600, minBytesPerSecond: 16 * 1024 });
  camera = await rig.key("device", "Body 17");
  custodian = await rig.key("custodian");
});
afterAll(async () => await rig.end());

const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const at = (id: string, rest: string): string => `/api/v1/recordings/${id}/${rest}`;
const fragment = (i: number): Buffer => media.fragments[i] ?? Buffer.alloc(0);

async function sendTake(
  id: string,
  take: number,
  source = media,
  from = 0,
  to = source.fragments.length,
): Promise<void> {
  if (from === 0) expect((await rig.put(camera, at(id, `takes/${take}/init`), source.init)).status).toBe(200);
  for (let n = from; n < to; n++) {
    const answer = await rig.put(
      camera,
      at(id, `takes/${take}/fragments/${n}`),
      source.fragments[n] ?? Buffer.alloc(0),
    );
    expect(answer).toMatchObject({ status: 200, body: { state: "received", n } });
  }
}

async function events(id: string): Promise<ReturnType<typeof parseEvent>[]> {
  const rows = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx
      .selectFrom("custody.entry")
      .innerJoin("custody.event_body", "entry_id", "id")
      .select("event")
      .where("subject_id", "=", id)
      .orderBy("n")
      .execute(),
  );
  return rows.map((row) => parseEvent(row.event));
}
const kinds = async (id: string): Promise<string[]> => (await events(id)).map((event) => event.kind);

async function evidence(id: string) {
  return await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx.selectFrom("sworn.evidence").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
  );
}

async function fileOf(id: string, take: number): Promise<Buffer> {
  const row = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx
      .selectFrom("sworn.take")
      .select("file_id")
      .where("recording_id", "=", id)
      .where("take", "=", take)
      .executeTakeFirstOrThrow(),
  );
  return await collect((await openFile(rig.intake, rig.intake.agencyId, row.file_id)).bytes);
}

describe("a recording", () => {
  it("goes from open to stored; its file is init and fragments byte by byte", async () => {
    const id = await rig.open(camera, randomUUID(), { title: "Harbor gate" });
    await sendTake(id, 0, media, 0, 2);
    const fixes = [0, 500].map((offsetMs) => ({
      offsetMs,
      at: "2026-11-20T21:03:58.120Z",
      lat: 47.6 + offsetMs / 1e6,
      lon: -122.3,
      alt: null,
      speed: 1.5,
      course: 90,
      accuracy: 4,
      satellites: 9,
      constellations: ["GPS", "Galileo"],
      method: "gnss",
    }));
    const push = { source: "nmea", from: 0, fixes };
    expect(await rig.send(camera, "PUT", at(id, "takes/0/track"), push)).toMatchObject({
      status: 200,
      body: { next: 2 },
    });
    expect(await rig.send(camera, "PUT", at(id, "takes/0/track"), push)).toMatchObject({
      status: 200,
      body: { next: 2 },
    });
    expect(await rig.send(camera, "PUT", at(id, "takes/0/track"), { ...push, from: 3 })).toMatchObject({
      status: 409,
      body: { code: "fragment-gap", next: 2 },
    });
    const moved = fixes.map((fix) => ({ ...fix, lat: 1 }));
    expect(await rig.send(camera, "PUT", at(id, "takes/0/track"), { ...push, fixes: moved })).toMatchObject({
      body: { code: "fragment-conflict" },
    });
    const owner = await rig.intake.test.owner();
    await owner.query(
      `insert into sworn.take_fix select take_id, 863999, t.agency_id, source, fix from sworn.take_fix
       join sworn.take t on t.id = take_id where t.recording_id = $1 and seq = 1`,
      [id],
    );
    const full = { ...push, from: 864_000 };
    expect(await rig.send(camera, "PUT", at(id, "takes/0/track"), full)).toMatchObject({
      body: { code: "track-malformed" },
    });
    await owner.query("delete from sworn.take_fix where seq = 863999");

    // A first roll while it still records.
    rig.time.offset += 61_000;
    await rig.recordings().look();
    expect((await rig.status(camera, id)).takes).toMatchObject([{ state: "open", init: true, received: 2, stored: 2 }]);
    await sendTake(id, 0, media, 2);
    expect((await rig.status(camera, id)).takes).toMatchObject([{ received: 4, stored: 2, sha256: null }]);

    const closed = await rig.send(camera, "POST", at(id, "close"), { takes: [{ take: 0, fragments: 4 }] });
    expect(closed).toMatchObject({ status: 200, body: { state: "sealing" } });
    await rig.settle(id, "stored");

    const whole = Buffer.concat([media.init, ...media.fragments]);
    expect((await fileOf(id, 0)).equals(whole)).toBe(true);
    const row = await evidence(id);
    expect(row).toMatchObject({
      state: "stored",
      title: "Harbor gate",
      size: whole.length,
      device_id: camera.deviceId,
    });
    expect(Buffer.from(row.sha256 ?? []).toString("hex")).toBe(sha(whole));
    expect(row.chunk_root).toEqual(Buffer.from(chunkRoot(whole, nodeSha256)));
    const status = await rig.status(camera, id);
    expect(status).toMatchObject({
      state: "closed",
      takes: [{ state: "stored", received: 4, stored: 4, sha256: sha(whole) }],
    });

    const log = await events(id);
    expect(log.map((event) => event.kind)).toEqual([
      "recording.opened",
      "take.opened",
      "take.root",
      "recording.closed",
      "take.root",
      "track.stored",
      "evidence.stored",
    ]);
    const leaves = media.fragments.map((bytes) => createHash("sha256").update(bytes).digest());
    const root = (count: number): string =>
      Buffer.from(fragmentRoot(leaves.slice(0, count), nodeSha256)).toString("hex");
    expect(log[2]).toMatchObject({ hashes: { fragmentRoot: root(2) }, details: { take: 0, n: 1 } });
    expect(log[4]).toMatchObject({ hashes: { fragmentRoot: root(4) }, details: { n: 3, size: whole.length } });
    expect(log[6]).toMatchObject({ hashes: { sha256: sha(whole), fragmentRoot: root(4) }, details: { takes: 1 } });

    const track = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
      tx.selectFrom("sworn.track").selectAll().where("evidence_id", "=", id).executeTakeFirstOrThrow(),
    );
    expect(track).toMatchObject({ take: 0, source: "nmea", fixes: 2, west: -122.3 });
    const lines = (await collect((await openFile(rig.intake, rig.intake.agencyId, track.file_id)).bytes)).toString();
    expect(
      lines
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(fixes);

    // Everything rolled: the spool holds nothing that is needed.
    await rig.spool().rotate();
    await rig.recordings().look();
    expect(await rig.spool().closedSegments()).toEqual([]);
    expect((await rig.put(camera, at(id, "takes/0/fragments/3"), fragment(3))).body).toMatchObject({ state: "stored" });
    expect((await rig.put(camera, at(id, "takes/0/fragments/4"), fragment(3))).body["code"]).toBe("recording-closed");
  });

  it("is one and the same however often it is opened, and belongs to its camera", async () => {
    const id = randomUUID();
    const body = { id, clock: { utc: "2026-11-20T10:00:00.000Z", source: "gnss", uncertaintyMs: 1 } };
    const [one, two] = await Promise.all([1, 2].map(() => rig.send(camera, "POST", "/api/v1/recordings", body)));
    expect(new Set([one?.status, two?.status])).toEqual(new Set([200, 201]));
    const twin = await rig.key("device");
    const init = at(id, "takes/0/init");
    expect((await rig.send(twin, "POST", "/api/v1/recordings", body)).body["code"]).toBe("recording-conflict");
    expect((await rig.put(twin, init, media.init)).body["code"]).toBe("not-found");
    expect((await rig.put(camera, init, media.init)).status).toBe(200);
    expect((await rig.put(twin, at(id, "takes/0/fragments/0"), fragment(0))).body["code"]).toBe("not-found");
    expect((await rig.send(twin, "POST", at(id, "close"), { takes: [] })).body["code"]).toBe("not-found");
    expect((await rig.send(twin, "GET", `/api/v1/recordings/${id}`)).status).toBe(404);
    const elsewhere = await rig.intake.test.agency("Hill County Sheriff (test)");
    const foreign = await rig.key("device", "a camera there", elsewhere);
    // The process knows this take; a camera of another agency must not be able to tell.
    for (const unknown of [id, randomUUID()])
      expect((await rig.put(foreign, at(unknown, "takes/0/fragments/0"), fragment(0))).body["code"]).toBe("not-found");
    const changed = { ...body, reason: "trigger" };
    expect((await rig.send(camera, "POST", "/api/v1/recordings", changed)).body["code"]).toBe("recording-conflict");
    expect((await rig.send(custodian, "POST", "/api/v1/recordings", { ...body, id: randomUUID() })).status).toBe(403);
    expect(await kinds(id)).toEqual(["recording.opened", "take.opened"]);
  });

  it("keeps a camera clock that is ten years off as a claim, flagged, beside the server's time", async () => {
    for (const utc of ["2016-01-01T00:00:00.000Z", "2036-01-01T00:00:00.000Z"]) {
      const id = await rig.open(camera, randomUUID(), { clock: { utc, source: "gnss", uncertaintyMs: 5 } });
      const row = await evidence(id);
      expect(row.recorded_at?.toISOString()).toBe(utc);
      expect(row).toMatchObject({ time_source: "camera-clock", time_uncertainty_ms: null });
      expect(Math.abs(row.received_at.getTime() - Date.now() - rig.time.offset)).toBeLessThan(60_000);
      const [opened] = await events(id);
      expect(opened).toMatchObject({ time: { source: "server" }, details: { clock: utc, clockPlausible: "no" } });
    }
  });

  it("without a single fragment is shown as incomplete", async () => {
    const id = await rig.open(camera);
    await rig.put(camera, at(id, "takes/0/init"), media.init);
    await rig.send(camera, "POST", at(id, "close"), { reason: "crash-recovered", takes: [{ take: 0, fragments: 0 }] });
    await rig.settle(id, "incomplete");
    expect((await fileOf(id, 0)).equals(media.init)).toBe(true); // what was received is kept all the same
    expect((await kinds(id)).at(-1)).toBe("evidence.incomplete");
  });
});

describe("what a camera sends", () => {
  it("again is answered as the first time, in another order or with other bytes is refused, and the first is kept", async () => {
    const id = await rig.open(camera);
    const put = async (n: number, bytes: Buffer) =>
      (await rig.put(camera, at(id, `takes/0/fragments/${n}`), bytes)).body;
    expect(await put(0, fragment(0))).toMatchObject({ code: "init-missing" });
    expect((await rig.put(camera, at(id, "takes/0/init"), media.init)).body).toMatchObject({
      state: "received",
      n: -1,
    });
    expect((await rig.put(camera, at(id, "takes/0/init"), media.init)).body).toMatchObject({
      state: "received",
      n: -1,
    });
    expect((await rig.put(camera, at(id, "takes/0/init"), other.init)).status).toBe(
      sha(other.init) === sha(media.init) ? 200 : 409,
    );
    expect(await put(1, fragment(1))).toMatchObject({ code: "fragment-gap", next: 0 });
    // The same fragment four times at once, as a camera that lost its answers sends it.
    const answers = await Promise.all([0, 0, 0, 0].map((n) => put(n, fragment(0))));
    for (const answer of answers) expect(answer).toMatchObject({ state: "received", sha256: sha(fragment(0)) });
    expect(await put(0, other.fragments[0] ?? Buffer.alloc(0))).toMatchObject({ code: "fragment-conflict", n: 0 });
    expect(await put(1, fragment(0))).toMatchObject({ code: "fragment-malformed", why: "sequence" });
    expect(await put(1, fragment(1))).toMatchObject({ state: "received" });
    const log = await events(id);
    expect(log.at(-1)).toMatchObject({
      kind: "fragment.conflict",
      hashes: { kept: sha(fragment(0)), refused: sha(other.fragments[0] ?? Buffer.alloc(0)) },
      details: { take: 0, n: 0 },
    });
    expect((await rig.status(camera, id)).takes).toMatchObject([{ received: 2 }]);
  });

  it("is refused when it is cut, no fragment, not a key frame, or not what its digest says; nothing of it is kept", async () => {
    const id = await rig.open(camera);
    const init = at(id, "takes/0/init");
    expect((await rig.put(camera, init, fragment(0))).body).toMatchObject({ code: "init-malformed" });
    expect((await rig.put(camera, init, Buffer.from("<svg/>"))).body).toMatchObject({ code: "init-malformed" });
    expect((await rig.put(camera, init, Buffer.alloc(0))).body).toMatchObject({ code: "init-malformed", why: "empty" });
    expect((await rig.put(camera, init, media.init)).status).toBe(200);
    const path = at(id, "takes/0/fragments/0");
    const bytes = fragment(0);
    expect((await rig.put(camera, path, bytes.subarray(0, -1))).body).toMatchObject({
      code: "fragment-malformed",
      why: "box-truncated",
    });
    expect((await rig.put(camera, path, media.init)).body).toMatchObject({ code: "fragment-malformed" });
    const late = makeMedia(2, 440, ["-force_key_frames", "0,0.5,1", "-g", "100"]);
    const keyless = Buffer.from(late.fragments[1] ?? bytes);
    const trun = keyless.indexOf("trun");
    keyless.writeUInt32BE(0x0101_0000, trun + 16); // the first picture now says that it needs another
    expect((await rig.put(camera, path, keyless)).body).toMatchObject({ code: "fragment-not-key" });
    expect((await rig.put(camera, path, bytes, { "content-digest": digestOf(media.init) })).body).toMatchObject({
      code: "digest-mismatch",
    });
    for (const header of ["", "sha-512=:AAAA:", "sha-256=AAAA", "sha-256=:!:"])
      expect((await rig.put(camera, path, bytes, { "content-digest": header })).body).toMatchObject({
        code: "digest-missing",
      });
    expect((await rig.put(camera, path, Buffer.alloc(16 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await rig.status(camera, id)).takes).toMatchObject([{ init: true, received: 0, size: media.init.length }]);
    expect((await rig.put(camera, path, bytes)).status).toBe(200);
    expect((await rig.put(camera, at(id, "takes/0/fragments/1"), fragment(3))).status).toBe(200); // a hole of 2 s is allowed
    expect((await rig.put(camera, at(id, "takes/0/fragments/2"), fragment(1))).body).toMatchObject({
      code: "fragment-malformed",
    });
    const jumped = Buffer.from(fragment(3));
    jumped.writeUInt32BE(99, jumped.indexOf("mfhd") + 8);
    for (let box = jumped.indexOf("tfdt"); box !== -1; box = jumped.indexOf("tfdt", box + 4))
      jumped.writeUInt8(1, box + 10); // months later
    expect((await rig.put(camera, at(id, "takes/0/fragments/2"), jumped)).body).toMatchObject({
      code: "fragment-time",
      why: "time-jump",
    });
  });

  it("too slowly, or not at all, ends with 408, and the rest of the server does not wait", async () => {
    const id = await rig.open(camera);
    const target = new URL(`${rig.url()}${at(id, "takes/0/init")}`);
    const slow = new Promise<number>((resolve, reject) => {
      const out = request(
        target,
        {
          method: "PUT",
          headers: {
            authorization: `Bearer ${camera.token}`,
            "content-digest": digestOf(media.init),
            "content-length": String(media.init.length),
          },
        },
        (answer) => resolve(answer.statusCode ?? 0),
      );
      out.on("error", reject);
      out.write(media.init.subarray(0, 10));
    });
    expect(await slow).toBe(408);
    expect((await rig.put(camera, at(id, "takes/0/init"), media.init)).status).toBe(200);
  });

  it("may not be closed while a tail is missing, nor go on after it was", async () => {
    const id = await rig.open(camera);
    await sendTake(id, 0, media, 0, 2);
    const close = (takes: object[]) => rig.send(camera, "POST", at(id, "close"), { takes });
    expect((await close([{ take: 0, fragments: 3 }])).body).toMatchObject({ code: "fragment-gap", take: 0, next: 2 });
    expect((await close([{ take: 1, fragments: 1 }])).body).toMatchObject({ code: "fragment-gap", take: 1, next: 0 });
    const twice = [0, 0].map((take) => ({ take, fragments: 2 }));
    expect((await close(twice)).body["code"]).toBe("request-malformed");
    expect((await close([{ take: 0, fragments: 2 ** 40 }])).body["code"]).toBe("request-malformed");
    expect((await close([{ take: 0, fragments: 2 }])).status).toBe(200);
    expect((await close([{ take: 0, fragments: 2 }])).status).toBe(200);
    expect((await rig.put(camera, at(id, "takes/0/fragments/2"), fragment(2))).body).toMatchObject({
      code: "recording-closed",
    });
    expect((await rig.put(camera, at(id, "takes/1/init"), media.init)).body).toMatchObject({
      code: "recording-closed",
    });
    await rig.settle(id, "stored");
  });
});

describe("several takes", () => {
  it("of an encoder that restarts are parts with hashes of their own", async () => {
    const id = await rig.open(camera);
    expect((await rig.put(camera, at(id, "takes/2/init"), media.init)).body).toMatchObject({
      code: "fragment-gap",
      nextTake: 1,
    });
    await sendTake(id, 0);
    await sendTake(id, 1, other);
    await rig.send(camera, "POST", at(id, "close"), {
      takes: [
        { take: 0, fragments: 4 },
        { take: 1, fragments: 3 },
      ],
    });
    await rig.settle(id, "stored");
    const row = await evidence(id);
    expect(row.sha256).toBeNull();
    const whole = [media, other].map((source) => Buffer.concat([source.init, ...source.fragments]));
    expect((await rig.status(camera, id)).takes.map((take) => take.sha256)).toEqual(whole.map(sha));
    const stored = (await events(id)).at(-1);
    expect(stored?.hashes["take.1.sha256"]).toBe(sha(whole[1] ?? Buffer.alloc(0)));
  });

  it("after a silence: interrupted and sealed, then the camera returns with the rest as a new take", async () => {
    const id = await rig.open(camera);
    await sendTake(id, 0, media, 0, 2);
    rig.time.offset += 91_000;
    await rig.settle(id, "stored");
    const first = await rig.status(camera, id);
    expect(first).toMatchObject({ state: "interrupted", takes: [{ state: "interrupted", received: 2, stored: 2 }] });
    expect(first.takes[0]?.sha256).toBe(sha(Buffer.concat([media.init, fragment(0), fragment(1)])));
    expect((await rig.put(camera, at(id, "takes/0/fragments/2"), fragment(2))).body).toMatchObject({
      code: "take-closed",
    });
    expect((await rig.put(camera, at(id, "takes/0/fragments/1"), fragment(1))).body).toMatchObject({ state: "stored" });
    // The same encoder run goes on under the next number: its clock does not begin at 0, and need not.
    expect((await rig.put(camera, at(id, "takes/1/init"), media.init)).status).toBe(200);
    expect(await evidence(id)).toMatchObject({ state: "live" });
    for (const n of [0, 1])
      expect((await rig.put(camera, at(id, `takes/1/fragments/${n}`), fragment(n + 2))).status).toBe(200);
    const takes = [
      { take: 0, fragments: 2 },
      { take: 1, fragments: 2 },
    ];
    expect((await rig.send(camera, "POST", at(id, "close"), { takes })).status).toBe(200);
    await rig.settle(id, "stored");
    expect(await rig.status(camera, id)).toMatchObject({
      state: "closed",
      takes: [
        { state: "interrupted", sha256: first.takes[0]?.sha256 },
        { state: "stored", received: 2, stored: 2 },
      ],
    });
    expect((await kinds(id)).filter((kind) => kind.startsWith("take.") || kind === "evidence.stored")).toEqual([
      "take.opened",
      "take.interrupted",
      "take.root",
      "evidence.stored",
      "take.opened",
      "take.root",
      "evidence.stored",
    ]);
  });
});

describe("who watches", () => {
  it("gets a playlist of what is received, fragments from spool and store, and is logged once", async () => {
    const id = await rig.open(camera);
    await sendTake(id, 0, media, 0, 2);
    rig.time.offset += 61_000;
    await rig.recordings().look();
    await sendTake(id, 0, media, 2);
    const live = await rig.send(custodian, "GET", at(id, "live.m3u8"));
    const text = String(live.body["text"]);
    expect(text).toContain(`#EXT-X-MAP:URI="/api/v1/recordings/${id}/takes/0/init"`);
    expect(text.match(/fragments\/\d/g)).toHaveLength(4);
    expect(text).not.toContain("ENDLIST");
    const get = async (rest: string): Promise<string> => {
      const answer = await fetch(`${rig.url()}${at(id, rest)}`, {
        headers: { authorization: `Bearer ${custodian.token}` },
      });
      return sha(new Uint8Array(await answer.arrayBuffer()));
    };
    expect(await get("takes/0/init")).toBe(sha(media.init));
    for (const n of [0, 1, 2, 3]) expect(await get(`takes/0/fragments/${n}`)).toBe(sha(fragment(n)));
    expect((await rig.send(custodian, "GET", at(id, "takes/0/fragments/4"))).status).toBe(404);
    expect((await rig.send(camera, "GET", at(id, "live.m3u8"))).status).toBe(403);
    await rig.send(custodian, "GET", at(id, "live.m3u8"));
    expect((await kinds(id)).filter((kind) => kind === "evidence.viewed")).toHaveLength(1);
    // The addresses of fragments can be counted out: whoever never asks for a playlist is seen all the same.
    const quiet = await rig.key("custodian");
    await rig.send(quiet, "GET", at(id, "takes/0/fragments/0"));
    await rig.send(quiet, "GET", at(id, "takes/0/fragments/1"));
    expect((await kinds(id)).filter((kind) => kind === "evidence.viewed")).toHaveLength(2);
    const listed = await rig.send(custodian, "GET", "/api/v1/recordings?state=live");
    expect((listed.body["items"] as { id: string }[]).map((item) => item.id)).toContain(id);
    const stranger = await rig.key("officer");
    expect((await rig.send(stranger, "GET", at(id, "live.m3u8"))).status).toBe(404);
    expect((await rig.send(stranger, "GET", "/api/v1/recordings")).body).toEqual({ items: [] });
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Fix, TrackFeature } from "@sworn/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collect } from "../intake/testing.ts";
import { openFile } from "../intake/index.ts";
import { makeMediaRig, type MediaRig } from "../media/testing.ts";
import { movieOf } from "./testing.ts";
import { linesFrom, toFeature } from "./to-feature.ts";

let rig: MediaRig;
beforeAll(async () => {
  rig = await makeMediaRig();
});
afterAll(() => rig.end());

const quiet = async (): Promise<void> => {
  await expect
    .poll(async () => Object.values(await rig.jobs.counts()).every(({ waiting, active }) => waiting + active === 0), {
      timeout: 15_000,
    })
    .toBe(true);
};
const trackOf = async (id: string, query = ""): Promise<Response> =>
  rig.ask("GET", `/api/v1/evidence/${id}/track${query}`);

const vectors = fileURLToPath(new URL("../../../../../vectors/position/", import.meta.url));
const payload = (name: string): Buffer => {
  const vector = JSON.parse(readFileSync(`${vectors}gpmf-${name}.json`, "utf8")) as { payloads: { hex: string }[] };
  return Buffer.from(vector.payloads[0]?.hex ?? "", "hex");
};

test("positions inside a file become a hashed track with its event, and a line on the map", async () => {
  const id = await rig.store(movieOf([payload("gps5"), payload("gps5")]));
  await quiet();
  const answer = await trackOf(id);
  const feature = TrackFeature.parse(await answer.json());
  expect(feature.geometry.coordinates).toHaveLength(4);
  expect(feature.geometry.coordinates[0]).toEqual([-117.3273436, 33.12677, -22.959]);
  expect(feature.properties).toMatchObject({
    take: 0,
    source: "gpmf",
    offsetsMs: [0, 500, 1000, 1500],
    method: "gnss",
  });
  const row = await rig.intake.database.forAgency(rig.intake.agencyId, (tx) =>
    tx.selectFrom("sworn.track").selectAll().where("evidence_id", "=", id).executeTakeFirstOrThrow(),
  );
  expect(row).toMatchObject({ fixes: 4, west: -117.3273436, east: -117.32734, south: 33.12676, north: 33.12677 });
  expect(row.from_at?.toISOString()).toBe("2019-11-18T23:45:14.000Z");
  const { bytes } = await openFile(rig.intake, rig.intake.agencyId, row.file_id);
  const lines = (await collect(bytes)).toString("utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  const [event] = (await rig.events(id)).filter(({ kind }) => kind === "track.stored");
  expect(JSON.parse(event?.event ?? "{}")).toMatchObject({
    hashes: { sha256: feature.properties.sha256 },
    details: { fixes: 4, refused: 0, source: "gpmf" },
  });
});

test("looking at a path is an event, once in a quarter of an hour", async () => {
  const id = await rig.store(movieOf([payload("gps5")]));
  await quiet();
  for (let i = 0; i < 3; i++) expect((await trackOf(id)).status).toBe(200);
  expect((await rig.events(id)).filter(({ kind }) => kind === "evidence.viewed")).toHaveLength(1);
});

test("the job may run twice; the track stays one", async () => {
  const id = await rig.store(movieOf([payload("gps5")]));
  await quiet();
  const { agencyId } = rig.intake;
  await rig.intake.database.forAgency(agencyId, (tx) => rig.jobs.send(tx, "positions", { agencyId, id }));
  await quiet();
  expect((await rig.events(id)).filter(({ kind }) => kind === "track.stored")).toHaveLength(1);
});

test("what was left out is counted in the event, not silently gone", async () => {
  const id = await rig.store(movieOf([payload("gps9"), payload("refused-no-lock"), payload("refused-truncated")]));
  await quiet();
  const [event] = (await rig.events(id)).filter(({ kind }) => kind === "track.stored");
  expect(JSON.parse(event?.event ?? "{}")).toMatchObject({ details: { fixes: 2, refused: 4 } });
});

for (const [what, bytes] of Object.entries({
  "no metadata track": () => movieOf([payload("gps5")]).subarray(0, 400),
  "a table that points beyond the file": () => movieOf([payload("gps5")], () => 0xfffffff0),
  "no position in its metadata": () => movieOf([payload("refused-no-lock")]),
  "four billion samples": () => {
    const movie = movieOf([payload("gps5")]);
    movie.writeUInt32BE(0xffffffff, movie.lastIndexOf("stsz") + 12);
    return movie;
  },
}))
  test(`a file with ${what} has no path, and its job is done`, async () => {
    const id = await rig.store(bytes());
    await quiet();
    expect([(await trackOf(id)).status, (await rig.jobs.counts()).positions.failed]).toEqual([404, 0]);
  });

test("a take without a path is not found, also where another take has one", async () => {
  const id = await rig.store(movieOf([payload("gps5")]));
  await quiet();
  expect([(await trackOf(id, "?take=0")).status, (await trackOf(id, "?take=1")).status]).toEqual([200, 404]);
});

test("a track read in any pieces, with or without a last line end, is the same", async () => {
  const fix: Fix = {
    offsetMs: 5,
    at: null,
    lat: 1,
    lon: 2,
    alt: null,
    speed: null,
    course: 3,
    accuracy: 4,
    satellites: 9,
    constellations: ["GPS", "BeiDou"],
    method: "gnss",
  };
  const text = [fix, { ...fix, alt: 7, method: "dead-reckoning" }].map((each) => JSON.stringify(each)).join("\n");
  const about = { take: 2, source: "nmea", sha256: "0".repeat(64) };
  const whole = await toFeature(linesFrom(piecesOf(Buffer.from(`${text}\n`), 1_000_000)), about);
  for (const size of [1, 7, 64])
    expect(await toFeature(linesFrom(piecesOf(Buffer.from(text), size)), about)).toEqual(whole);
  expect(whole.geometry.coordinates).toEqual([
    [2, 1],
    [2, 1, 7],
  ]);
  expect(whole.properties).toMatchObject({
    courses: [3, 3],
    constellations: ["BeiDou", "GPS"],
    method: "dead-reckoning, gnss",
  });
});

async function* piecesOf(bytes: Buffer, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

const footage =
  process.env["SWORN_FOOTAGE"] ?? fileURLToPath(new URL("../../../../../../shared/footage", import.meta.url));
const gopro = `${footage}/gopro/max-heromode.mp4`;
test.skipIf(!existsSync(gopro))(
  `a real GoPro file shows its real path${existsSync(gopro) ? "" : " (SKIPPED: no footage; set SWORN_FOOTAGE)"}`,
  async () => {
    const id = await rig.store(readFileSync(gopro), "max-heromode.mp4");
    const item = await rig.settled(id, ({ hasPoster, hasTrack }) => hasPoster && hasTrack);
    expect(item.media.facts).toMatchObject({ durationMs: 10_517, video: { width: 848, height: 480 } });
    const { geometry, properties } = TrackFeature.parse(await (await trackOf(id)).json());
    expect(geometry.coordinates).toHaveLength(191);
    expect(geometry.coordinates[0]).toEqual([-117.3273436, 33.12677, -22.959]);
    expect(properties.offsetsMs.at(-1)).toBeLessThan(10_700);
    expect(properties.times[0]).toBe("2019-11-18T23:45:14.000Z");
  },
);

test("vectors are where this test expects them", () => {
  expect(readdirSync(vectors).length).toBeGreaterThan(80);
});

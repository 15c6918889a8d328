import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EvidenceTimes } from "@sworn/contract";
import { readNmea } from "@sworn/core";
import { expect, it, vi } from "vitest";
import type { Principal } from "../../ports/http.ts";
import type { IntakeFixture } from "../intake/testing.ts";
import { makeMediaRig } from "../media/testing.ts";
import { satelliteStart } from "../positions/index.ts";
import { makeMedia, makeRecordingsRig } from "../recordings/testing.ts";
import { correctTime } from "./index.ts";
import { readTimes } from "./read-times.ts";

vi.setConfig({ testTimeout: 120_000 });

const custodian = (agencyId: string): Principal => {
  const who = randomUUID();
  return { kind: "person", actorId: who, agencyId, roles: ["custodian"], personId: who, deviceId: null };
};
const timesOf = async (intake: IntakeFixture, id: string): Promise<EvidenceTimes> =>
  await readTimes(
    { database: intake.database, satelliteStart: (agencyId, file) => satelliteStart(intake, agencyId, file) },
    custodian(intake.agencyId),
    id,
  );

/** A receiver that is switched on with the picture at 21:03:10 and finds its satellites eight seconds later. */
function nmea(): string {
  const lines = Array.from({ length: 14 }, (_, i) => {
    const found = i >= 8 ? `A,4736.${1000 + i},N,12218.5000,W,2.9,84.4` : "V,,,,,,";
    const body = `GNRMC,2103${10 + i}.00,${found},201126,,,${i >= 8 ? "A" : "N"}`;
    const sum = Buffer.from(body).reduce((xor, byte) => xor ^ byte, 0);
    return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}\r\n`;
  });
  return lines.join("");
}

it("a camera that is 37 seconds slow is shown so by its receiver, and the correction is added beside it", async () => {
  const rig = await makeRecordingsRig();
  try {
    const { database, agencyId } = rig.intake;
    const camera = await rig.key("device");
    const clock = { utc: "2026-11-20T21:02:33.000Z", source: "camera-clock", uncertaintyMs: 500 };
    const id = await rig.open(camera, randomUUID(), { clock });
    const { init, fragments } = makeMedia(1);
    const to = (rest: string): string => `/api/v1/recordings/${id}/${rest}`;
    await rig.put(camera, to("takes/0/init"), init);
    for (const [n, fragment] of fragments.entries()) await rig.put(camera, to(`takes/0/fragments/${n}`), fragment);
    const { fixes } = readNmea(nmea());
    expect(fixes[0]).toMatchObject({ offsetMs: 8000, at: "2026-11-20T21:03:18.000Z" });
    const pushed = await rig.send(camera, "PUT", to("takes/0/track"), { source: "nmea", from: 0, fixes });
    expect(pushed).toMatchObject({ status: 200, body: { next: 6 } });
    await rig.send(camera, "POST", to("close"), { takes: [{ take: 0, fragments: fragments.length }] });
    await rig.settle(id, "stored");

    const shown = {
      sourceAt: clock.utc,
      source: "camera-clock",
      sourceUncertaintyMs: 500,
      gnss: { from: "2026-11-20T21:03:18.000Z", to: "2026-11-20T21:03:23.000Z", source: "nmea" },
      driftMs: 37_000,
    };
    expect(await timesOf(rig.intake, id)).toMatchObject({ ...shown, recordedAt: clock.utc, corrections: [] });
    const correction = { offsetMs: 37_000, uncertaintyMs: 100, reason: "Compared with its own receiver" };
    const custody = { clock: { now: () => Date.now(), monotonic: () => performance.now() }, software: "sworn test" };
    await database.forAgency(agencyId, (tx) => correctTime(tx, { custody }, custodian(agencyId), id, correction));
    expect(await timesOf(rig.intake, id)).toMatchObject({
      ...shown,
      recordedAt: "2026-11-20T21:03:10.000Z",
      corrections: [{ n: 1, ...correction }],
    });
  } finally {
    await rig.end();
  }
});

const footage =
  process.env["SWORN_FOOTAGE"] ?? fileURLToPath(new URL("../../../../../../shared/footage", import.meta.url));
const file = `${footage}/gopro/max-heromode.mp4`;
const missing = !existsSync(file);

it.skipIf(missing)(
  `a real GoPro file: how far its clock was from GPS time${missing ? " (SKIPPED: no footage; set SWORN_FOOTAGE)" : ""}`,
  async () => {
    const bytes = readFileSync(file);
    // Not by our own readers: the time in the last GPS payload, the eleventh of a second each, as it stands in the file
    // (that in the first is 1.4 s off, left over from before), and the container's time by ffprobe.
    const at = bytes.lastIndexOf("GPSU") + 8;
    const [year = "", month, day, hour, minute, seconds] =
      bytes.toString("latin1", at, at + 16).match(/..\.?\d*$|../g) ?? [];
    const gps = Date.parse(`20${year}-${month}-${day}T${hour}:${minute}:${seconds}Z`);
    const claimed = execFileSync("ffprobe", [
      "-v",
      "error",
      "-show_entries",
      "format_tags=creation_time",
      "-of",
      "csv=p=0",
      file,
    ]);
    const rig = await makeMediaRig();
    try {
      const id = await rig.store(bytes);
      await rig.settled(id, ({ hasTrack, media }) => hasTrack && media.state === "ready");
      const times = await timesOf(rig.intake, id);
      expect(times.source).toBe("file");
      expect(times.gnss?.source).toBe("gpmf");
      const by = gps - 10_000 - Date.parse(claimed.toString().trim());
      expect(Math.abs((times.driftMs ?? Number.NaN) - by)).toBeLessThan(500);
      expect(by / 3_600_000).toBeCloseTo(8, 1); // local time, written as if it were UTC
    } finally {
      await rig.end();
    }
  },
);

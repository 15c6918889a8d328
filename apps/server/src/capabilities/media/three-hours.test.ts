import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFile } from "../intake/index.ts";
import { collect } from "../intake/testing.ts";
import { makeMediaRig, type MediaRig } from "./testing.ts";

// A whole shift in one file. What makes it hard is the index with its tens of thousands of entries, not the bytes: a
// short clip is repeated by stream copy, its index at the end as cameras write it. 10,800 fragments are in the fault
// campaign ("three-hour recording").
const SECONDS = 3 * 60 * 60;
let rig: MediaRig;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sworn-hours-"));
  rig = await makeMediaRig();
});
afterAll(async () => {
  await rig.end();
  rmSync(folder, { recursive: true });
});

function makeThreeHours(): Buffer {
  const ffmpeg = (...args: string[]): void => void execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
  const [clip, long] = [join(folder, "clip.mp4"), join(folder, "long.mp4")];
  const codec = "-c:v libx264 -preset ultrafast -crf 45 -pix_fmt yuv420p -g 4".split(" ");
  ffmpeg("-f", "lavfi", "-i", "testsrc2=size=128x72:rate=2:duration=20", ...codec, clip);
  ffmpeg("-stream_loop", "-1", "-i", clip, "-t", String(SECONDS), "-c", "copy", long);
  return readFileSync(long);
}

test("three hours in one file: stored whole, probed, with a poster", { timeout: 60_000 }, async () => {
  const bytes = makeThreeHours();
  const id = await rig.store(bytes, "shift.mp4");
  const item = await rig.settled(id, ({ hasPoster, media }) => hasPoster || media.state === "refused");
  expect(item.media).toMatchObject({ state: "ready", code: null, facts: { video: { codec: "h264", width: 128 } } });
  expect(Math.abs((item.media.facts?.durationMs ?? 0) / 1000 - SECONDS)).toBeLessThan(2);
  expect(item).toMatchObject({ state: "stored", size: bytes.length, hasPoster: true });
  const { agencyId, database } = rig.intake;
  const file = await database.forAgency(agencyId, (tx) =>
    tx
      .selectFrom("sworn.file")
      .select("id")
      .where("evidence_id", "=", id)
      .where("role", "=", "original")
      .executeTakeFirstOrThrow(),
  );
  expect((await collect((await openFile(rig.intake, agencyId, file.id)).bytes)).equals(bytes)).toBe(true);
});

import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readMovie, readSamples, walkTopBoxes } from "../mp4/index.ts";
import { readGpmf } from "./index.ts";

type Judgement = Record<string, { streams: { GPS5: { samples: { value: number[]; cts: number }[] } } }>;
const footage =
  process.env["SWORN_FOOTAGE"] ?? fileURLToPath(new URL("../../../../../shared/footage", import.meta.url));
const file = `${footage}/gopro/max-heromode.mp4`;
const missing = !existsSync(file);

it.skipIf(missing)(
  `a real GoPro file: its path, as GoPro's own field knowledge reads it${missing ? " (SKIPPED: no footage; set SWORN_FOOTAGE)" : ""}`,
  async () => {
    const bytes = readFileSync(file);
    const { boxes, missing: cut } = await walkTopBoxes(
      async (start, end) => bytes.subarray(start, end),
      bytes.length,
      100,
    );
    expect([boxes.map((box) => box.type), cut]).toEqual([["ftyp", "mdat", "moov"], 0]);
    const place = boxes.find((box) => box.type === "moov");
    const moov = bytes.subarray(place?.start, place?.end);
    const track = readMovie(moov).find((each) => each.format === "gpmd");
    if (track === undefined) throw new Error("the footage has no gpmd track");
    const samples = readSamples(moov, track, 10_000);
    const payloads = samples.map((sample) => ({
      bytes: bytes.subarray(sample.offset, sample.offset + sample.size),
      startMs: sample.startMs,
      durationMs: sample.durationMs,
    }));
    const ours = readGpmf(payloads);
    expect(ours.refused).toEqual({});
    expect(ours.device).toBe("GoPro Max");
    expect(ours.fixes).toHaveLength(191);
    // A judge that we did not write: position by position, the two must agree.
    const load = createRequire(import.meta.url);
    const extract = load("gpmf-extract") as (file: Buffer) => Promise<object>;
    const telemetry = load("gopro-telemetry") as (data: object, options: object) => Promise<Judgement>;
    const theirs = await telemetry(await extract(bytes), { stream: ["GPS5"], repeatSticky: false });
    const judged = Object.values(theirs)[0]?.streams.GPS5.samples ?? [];
    expect(judged).toHaveLength(ours.fixes.length);
    ours.fixes.forEach((fix, i) => {
      const [lat = 0, lon = 0, alt = 0, speed = 0] = judged[i]?.value ?? [];
      expect([fix.lat, fix.lon]).toEqual([expect.closeTo(lat, 6), expect.closeTo(lon, 6)]);
      expect([fix.alt, fix.speed]).toEqual([expect.closeTo(alt, 2), expect.closeTo(speed, 2)]);
      // The last payload has no successor to give its pace; there the two differ by up to a third of a position.
      expect(Math.abs(fix.offsetMs - (judged[i]?.cts ?? 0))).toBeLessThan(20);
    });
  },
);

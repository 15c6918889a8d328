import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { runs } from "../testing/property-runs.ts";
import { createNmeaReader, type PositionFix, readGpmf, readNmea } from "./index.ts";

function expectSound(fixes: readonly PositionFix[]): void {
  for (const fix of fixes) {
    expect(Math.abs(fix.lat)).toBeLessThanOrEqual(90);
    expect(Math.abs(fix.lon)).toBeLessThanOrEqual(180);
    expect(Number.isSafeInteger(fix.offsetMs) && fix.offsetMs >= 0).toBe(true);
    for (const value of [fix.alt, fix.speed, fix.course, fix.accuracy])
      expect(value === null || Number.isFinite(value)).toBe(true);
  }
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../vectors/position/${name}.json`, import.meta.url), "utf8"));
const whole = Buffer.from((load("gpmf-gps9") as { payloads: { hex: string }[] }).payloads[0]?.hex ?? "", "hex");
const sentence = fc.record({
  talker: fc.constantFrom("GP", "GN", "GL", "BD"),
  type: fc.constantFrom("RMC", "GGA", "GSA", "GST", "VTG", "ZDA"),
  fields: fc.array(
    fc.constantFrom("", "A", "N", "E", "1", "123519.9", "4807.038", "01131.000", "230394", "99", "-1", "x"),
    { maxLength: 20 },
  ),
});

it("NMEA: any text and any shuffled sentences with true checksums give sound fixes, never an exception", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(sentence, fc.string()), { maxLength: 40 }), (lines) => {
      const text = lines.map((line) => {
        if (typeof line === "string") return line;
        const body = `${line.talker}${line.type},${line.fields.join(",")}`;
        let sum = 0;
        for (const letter of body) sum ^= letter.charCodeAt(0);
        return `$${body}*${sum.toString(16).padStart(2, "0")}`;
      });
      const track = readNmea(text.join("\n"));
      expectSound(track.fixes);
      const counted = Object.values(track.refused).reduce((sum, count) => sum + count, 0);
      const lineCount = text
        .join("\n")
        .split(/\r\n|\n|\r/)
        .filter((line) => line.trim() !== "").length;
      expect(counted + track.understood).toBe(lineCount);
    }),
    runs(300),
  );
});

it("NMEA: line by line and all at once are the same", () => {
  const lines = (load("nmea-epoch") as { lines: string[] }).lines;
  const reader = createNmeaReader();
  const pushed = [...lines.map((line) => reader.push(line)), reader.flush()].filter((fix) => fix !== null);
  expect(pushed).toEqual(readNmea(lines.join("\n")).fixes);
});

it("GPMF: any bytes, and any damage to whole ones, give sound fixes, never an exception", () => {
  const damaged = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }).map((edits) => {
    const bytes = Buffer.from(whole);
    for (const [at, value] of edits) bytes[at] = value;
    return bytes;
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), { maxLength: 4 }), (payloads) => {
      expectSound(readGpmf(payloads.map((bytes, i) => ({ bytes, startMs: i * 1000, durationMs: 1000 }))).fixes);
    }),
    runs(300),
  );
});

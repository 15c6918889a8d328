import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readGpmf, readNmea } from "./index.ts";

type Expected = { fixes: Record<string, unknown>[]; refused: Record<string, number>; understood?: number };
type Vector =
  | { description: string; format: "nmea"; lines: string[]; expect: Expected }
  | {
      description: string;
      format: "gpmf";
      payloads: { hex: string; startMs: number; durationMs: number }[];
      expect: Expected;
    };

const folder = new URL("../../../../vectors/position/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("position vectors", () => {
  expect(names.filter((name) => name.includes("refused")).length).toBeGreaterThan(40);
  for (const name of names) {
    const vector = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Vector;
    it(`${name}: ${vector.description}`, () => {
      const track =
        vector.format === "nmea"
          ? readNmea(vector.lines.join("\r\n"))
          : readGpmf(vector.payloads.map((payload) => ({ ...payload, bytes: Buffer.from(payload.hex, "hex") })));
      expect(track.refused).toEqual(vector.expect.refused);
      expect(track.fixes).toHaveLength(vector.expect.fixes.length);
      vector.expect.fixes.forEach((fix, i) => expect(track.fixes[i]).toMatchObject(fix));
      if (vector.expect.understood !== undefined) expect(track).toMatchObject({ understood: vector.expect.understood });
    });
  }
});

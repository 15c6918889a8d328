import { expect, it } from "vitest";
import { readGpmf } from "./read-gpmf.ts";

/** One GPMF element: FourCC, type, bytes of one structure, how often. */
function klv(key: string, type: string, structSize: number, repeat: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(key, 0, "latin1");
  head.write(type, 4, "latin1");
  head.writeUInt8(structSize, 5);
  head.writeUInt16BE(repeat, 6);
  return Buffer.concat([head, body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}

it("stops at a million positions, however often a file names the same bytes", () => {
  const rows = 3000;
  const row = Buffer.alloc(20);
  row.writeInt32BE(50, 0);
  row.writeInt32BE(20, 4);
  const one = Buffer.alloc(4);
  one.writeInt32BE(1);
  const inside = Buffer.concat([
    klv("SCAL", "l", 4, 1, one),
    klv("GPS5", "l", 20, rows, Buffer.concat(Array.from({ length: rows }, () => row))),
  ]);
  const bytes = klv("DEVC", "\0", 4, (inside.length + 8) / 4, klv("STRM", "\0", 4, inside.length / 4, inside));
  const payloads = Array.from({ length: 400 }, (_, i) => ({ bytes, startMs: i * 1000, durationMs: 1000 }));
  const { fixes, refused } = readGpmf(payloads);
  expect(fixes.length).toBe(999_000);
  expect(refused).toEqual({ "too-many-positions": 67 });
}, 30_000);

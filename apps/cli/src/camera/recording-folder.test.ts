import { randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appendDurably } from "./durable-file.ts";
import { RecordingFolder } from "./recording-folder.ts";

let spool: string;
beforeEach(async () => void (spool = await mkdtemp(join(tmpdir(), "sworn-camera-"))));
afterEach(async () => await rm(spool, { recursive: true, force: true }));

const begin = (): Promise<RecordingFolder> =>
  RecordingFolder.create(spool, {
    id: randomUUID(),
    reason: "button",
    clock: { utc: "2026-11-20T21:03:58.120Z", source: "camera-clock", uncertaintyMs: null },
  });

test("a line that a power cut left in half does not spoil the ones that follow", async () => {
  const folder = await begin();
  const placed = [0, 1, 2].map((take) => ({ local: 0, from: take * 10, startMs: take * 10_000, take }));
  for (const placement of placed.slice(0, 2)) await folder.addPlacement(placement);
  await appendFile(join(folder.path, "placements.jsonl"), '{"local":0,"fro');
  const again = await RecordingFolder.load(folder.path);
  expect(await again?.placements()).toEqual(placed.slice(0, 2));
  await again?.addPlacement(placed[2] ?? { local: 0, from: 0, startMs: 0, take: 0 });
  expect(await again?.placements()).toEqual(placed);
});

test("the half line may be the only one, or longer than one look", async () => {
  const path = join(spool, "lines");
  await writeFile(path, "half");
  await appendDurably(path, "first");
  await appendFile(path, "x".repeat(10_000));
  await appendDurably(path, "second");
  expect(await readFile(path, "utf8")).toBe("first\nsecond\n");
});

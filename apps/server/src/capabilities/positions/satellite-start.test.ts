import type { Fix } from "@sworn/contract";
import { expect, it } from "vitest";
import { startOf } from "./satellite-start.ts";

const began = Date.UTC(2026, 10, 20, 21, 3, 10);
const fix = (offsetMs: number, at: number | null, method: Fix["method"] = "gnss"): string =>
  JSON.stringify({
    offsetMs,
    at: at === null ? null : new Date(at).toISOString(),
    lat: 47.6,
    lon: -122.3,
    alt: null,
    speed: null,
    course: null,
    accuracy: null,
    satellites: null,
    constellations: [],
    method,
  } satisfies Fix);
async function* from(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

it("takes the offset off, and neither a date that is yesterday's nor one that no satellite gave decides", async () => {
  const lines = [
    fix(0, null),
    fix(1000, began + 1000 - 86_400_000),
    fix(2000, began + 90_000, "network"),
    ...[8000, 9000, 10_000].map((offset) => fix(offset, began + offset)),
  ];
  expect(await startOf(from(lines))).toBe(began);
});

it("says nothing where no fix has a time", async () => {
  expect(await startOf(from([fix(0, null), fix(1000, began, "unknown")]))).toBeNull();
  expect(await startOf(from([]))).toBeNull();
});

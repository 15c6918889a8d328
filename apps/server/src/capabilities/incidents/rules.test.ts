import { assert, integer, nat, property } from "fast-check";
import { expect, test } from "vitest";
import { judge, MARGIN_MS } from "./rules.ts";

const occasion = { fromMs: 10_000_000, toMs: 10_600_000, unitId: "7th", wearers: new Set(["adair"]) };
const item = { startMs: 10_100_000, endMs: 10_200_000, personId: null, unitId: null, near: false };

test("time decides alone; wearer, place and unit say more, each with its reason", () => {
  expect(judge(item, occasion)?.reasons).toEqual(["time"]);
  expect(judge({ ...item, personId: "adair", unitId: "7th", near: true }, occasion)?.reasons).toEqual([
    "time",
    "wearer",
    "place",
    "unit",
  ]);
  expect(judge({ ...item, endMs: occasion.fromMs - MARGIN_MS, startMs: 0 }, occasion)?.reasons).toEqual(["time"]);
  expect(
    judge({ ...item, endMs: occasion.fromMs - MARGIN_MS - 1, startMs: 0, personId: "adair" }, occasion),
  ).toBeNull();
  expect(judge({ ...item, personId: "brandt" }, { ...occasion, unitId: null })?.reasons).toEqual(["time"]);
});

test("nearer in time is never less likely, and a reason never weighs against", () => {
  const at = integer({ min: 0, max: 30_000_000 });
  assert(
    property(at, nat(3_600_000), nat(600_000), (startMs, length, later) => {
      const [near, far] = [startMs, startMs + later].map((start) =>
        judge({ ...item, startMs: occasion.toMs + start, endMs: occasion.toMs + start + length }, occasion),
      );
      if (far !== null && far !== undefined) expect(near?.weight).toBeGreaterThanOrEqual(far.weight);
      const more = judge({ ...item, startMs, endMs: startMs + length, near: true }, occasion);
      const less = judge({ ...item, startMs, endMs: startMs + length }, occasion);
      expect((more === null) === (less === null)).toBe(true);
      if (more !== null && less !== null) expect(more.weight).toBeGreaterThan(less.weight);
    }),
    { numRuns: 300 },
  );
});

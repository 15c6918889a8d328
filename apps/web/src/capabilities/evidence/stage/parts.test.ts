import { describe, expect, it } from "vitest";
import { gapBefore, partAt, wallClockAt, type Part } from "./parts.ts";

const parts: readonly Part[] = [
  { take: 0, start: 0, duration: 10, startedAt: "2026-11-20T21:00:00.000Z" },
  { take: 1, start: 10, duration: 5, startedAt: "2026-11-20T21:00:16.400Z" },
  { take: 2, start: 15, duration: 5, startedAt: null },
];

describe("parts on one time line", () => {
  it("finds the part that plays, edges belonging to the later one", () => {
    expect([0, 9.99, 10, 14.9, 15, 99].map((time) => partAt(parts, time)?.take)).toEqual([0, 0, 1, 1, 2, 2]);
  });
  it("tells the wall-clock time of a moment, jumping where nothing was recorded", () => {
    expect(wallClockAt(parts, 9.5)).toBe("2026-11-20T21:00:09.500Z");
    expect(wallClockAt(parts, 10)).toBe("2026-11-20T21:00:16.400Z");
  });
  it("says nothing where a part's beginning is not known", () => {
    expect(wallClockAt(parts, 16)).toBeNull();
    expect(gapBefore(parts, 2)).toBeNull();
  });
  it("measures what is missing between parts", () => {
    expect(gapBefore(parts, 1)).toBeCloseTo(6.4, 3);
  });
});

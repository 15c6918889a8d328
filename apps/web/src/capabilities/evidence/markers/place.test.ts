import { expect, it } from "vitest";
import type { Part } from "../stage/parts.ts";
import { placeAt, stretchOf } from "./place.ts";

const parts: readonly Part[] = [
  { take: 0, start: 0, duration: 10, startedAt: null },
  { take: 2, start: 10, duration: 5, startedAt: null },
];

it("names the part a moment lies in, counted from that part's own beginning, and finds it again", () => {
  const place = placeAt(parts, { from: 12.345, to: null });
  expect(place).toEqual({ take: 2, fromMs: 2345, toMs: null });
  expect(stretchOf(place, parts)).toEqual({ from: 12.345, to: null });
});
it("ends a range with the part it begins in: parts are never joined", () => {
  expect(placeAt(parts, { from: 8, to: 12 })).toEqual({ take: 0, fromMs: 8000, toMs: 10_000 });
});
it("has no place for a part that is not there", () => {
  expect(stretchOf({ take: 1, fromMs: 0, toMs: null }, parts)).toBeNull();
  expect(placeAt([], { from: 0, to: null })).toBeNull();
});

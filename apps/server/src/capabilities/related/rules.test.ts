import { describe, expect, it } from "vitest";
import { type Area, type Footage, metresBetween, relate } from "./rules.ts";

const at = (lat: number, lon: number): Area => ({ west: lon, east: lon, south: lat, north: lat });
const minutes = (n: number): number => n * 60_000;
const one: Footage = {
  startMs: minutes(100),
  endMs: minutes(110),
  personId: "adair",
  deviceId: "VX-1",
  unitId: "north",
  area: at(51.5, -0.12),
};
const other = (change: Partial<Footage>): Footage => ({
  ...one,
  personId: "brandt",
  deviceId: "VX-2",
  unitId: "south",
  area: null,
  ...change,
});

describe("two items", () => {
  it("of one place and time belong together, the longer they overlap the more", () => {
    const near = at(51.5005, -0.12);
    const whole = relate(one, other({ area: near }));
    const short = relate(one, other({ area: near, startMs: minutes(109), endMs: minutes(120) }));
    expect(whole).toMatchObject({ beginsAfterMs: 0, overlapMs: minutes(10), reasons: ["place"] });
    expect(whole?.distanceM).toBeCloseTo(55.6, 0);
    expect(short).toMatchObject({ beginsAfterMs: minutes(9), overlapMs: minutes(1) });
    expect(whole?.weight ?? 0).toBeGreaterThan(short?.weight ?? Infinity);
  });
  it("of one wearer belong together for a quarter of an hour", () => {
    const later = (begins: number): Footage =>
      other({ personId: "adair", startMs: minutes(begins), endMs: minutes(begins + 1) });
    expect(relate(one, later(124))).toMatchObject({ overlapMs: 0, reasons: ["wearer"], distanceM: null });
    expect(relate(one, later(126))).toBeNull();
  });
  it("of one unit only within a minute, and not when they are known to be elsewhere", () => {
    const unit = (change: Partial<Footage>): Footage => other({ unitId: "north", ...change });
    expect(relate(one, unit({ startMs: minutes(110.9), endMs: minutes(112) }))).toMatchObject({ reasons: ["unit"] });
    expect(relate(one, unit({ startMs: minutes(112), endMs: minutes(113) }))).toBeNull();
    expect(relate(one, unit({ area: at(51.6, -0.12) }))).toBeNull();
  });
  it("of which nothing is known but the time do not", () => {
    const nobody = { personId: null, deviceId: null, unitId: null, area: null };
    expect(relate({ ...one, ...nobody }, other(nobody))).toBeNull();
    expect(relate(one, other({ area: at(51.6, -0.12) }))).toBeNull();
  });
});

it("measures between boxes, over the date line too", () => {
  expect(metresBetween(at(0, 179.999), at(0, -179.999))).toBeCloseTo(222.4, 0);
  expect(metresBetween(at(10, 0), { west: -1, east: 1, south: 9, north: 11 })).toBe(0);
  expect(metresBetween(at(0, 0), at(1, 0))).toBeCloseTo(111_195, -1);
});

import { describe, expect, it } from "vitest";
import { boundsOf, distance, indexAt, pathLength, positionAt, thin, type Fix } from "./geometry.ts";
import { gridLines, niceStep } from "./metre-grid.ts";
import { nearestFix } from "./nearest-fix.ts";
import { pathSegments } from "./path-segments.ts";

const fix = (time: number, lat: number, lon: number, take = 0): Fix => ({
  time,
  lat,
  lon,
  take,
  speed: 1,
  course: null,
  accuracy: 3,
  satellites: null,
});
const walk = [
  fix(0, 41, -72),
  fix(1, 41.00001, -72),
  fix(2, 41.00002, -72),
  fix(20, 41.0003, -72),
  fix(21, 41.00031, -72, 1),
];

describe("positions on the time line", () => {
  it("measures a degree of latitude as 111.2 km", () => {
    expect(distance({ lat: 41, lon: 0 }, { lat: 42, lon: 0 })).toBeCloseTo(111_195, -2);
  });
  it("finds the last fix at or before a time", () => {
    expect([-1, 0, 0.9, 1, 2.5, 99].map((time) => indexAt(walk, time))).toEqual([-1, 0, 0, 1, 2, 4]);
  });
  it("draws a straight line between near fixes", () => {
    expect(positionAt(walk, 0.5)?.lat).toBeCloseTo(41.000005, 7);
  });
  it("invents nothing across a silence or beyond the end", () => {
    expect(positionAt(walk, 10)).toBeNull();
    expect(positionAt(walk, 60)).toBeNull();
    expect(positionAt([], 1)).toBeNull();
  });
  it("adds up only what is not bridged", () => {
    expect(pathLength(walk)).toBeCloseTo(distance(walk[0] ?? fix(0, 0, 0), walk[2] ?? fix(0, 0, 0)), 3);
  });
  it("draws no line across a silence or from one part to the next", () => {
    expect(pathSegments(walk.slice(0, 3))).toHaveLength(2);
    expect(pathSegments([fix(0, 41, -72), fix(1, 41, -72, 1)])).toHaveLength(0);
  });
  it("keeps standing still from zooming into noise", () => {
    const [west, south, east, north] = boundsOf([fix(0, 41, -72)], 30) ?? [0, 0, 0, 0];
    expect(distance({ lat: 41, lon: west }, { lat: 41, lon: east })).toBeCloseTo(30, 0);
    expect(distance({ lat: south, lon: -72 }, { lat: north, lon: -72 })).toBeCloseTo(30, 0);
    expect(boundsOf([])).toBeNull();
  });
  it("thins for drawing and keeps both ends", () => {
    const many = Array.from({ length: 5000 }, (_, at) => fix(at, 41, -72));
    const few = thin(many, 100);
    expect([few.length, few[0]?.time, few.at(-1)?.time]).toEqual([100, 0, 4999]);
  });
});

describe("choosing a point of the path", () => {
  const project = (at: Fix): { x: number; y: number } => ({ x: at.time % 10, y: 0 });
  it("prefers the moment nearest in time where the path passes a place twice", () => {
    const loop = [fix(3, 0, 0), fix(13, 0, 0), fix(23, 0, 0)];
    expect(nearestFix(loop, project, { x: 3, y: 0 }, 20, 14)?.time).toBe(13);
  });
  it("finds nothing out of reach", () => {
    expect(nearestFix([fix(3, 0, 0)], project, { x: 100, y: 0 }, 20, 0)).toBeNull();
  });
});

describe("the metre grid", () => {
  it("steps by 1, 2 and 5", () => {
    expect([0.9, 1.1, 2.5, 7, 48].map(niceStep)).toEqual([1, 2, 5, 10, 50]);
  });
  it("draws squares of a true size around the path's beginning", () => {
    const view = { west: -72.001, south: 40.999, east: -71.999, north: 41.001, metresPerPixel: 0.5 };
    const { lines, metres } = gridLines(view, { lat: 41, lon: -72 });
    expect(metres).toBe(50);
    const lons = [
      ...new Set(
        lines
          .map((line) => line.geometry.coordinates)
          .filter(([a, b]) => a?.[0] === b?.[0])
          .map(([a]) => a?.[0] ?? 0),
      ),
    ];
    expect(distance({ lat: 41, lon: lons[0] ?? 0 }, { lat: 41, lon: lons[1] ?? 0 })).toBeCloseTo(50, 0);
  });
  it("stays bounded when the whole world is in view", () => {
    const { lines } = gridLines(
      { west: -180, south: -85, east: 180, north: 85, metresPerPixel: 70_000 },
      { lat: 41, lon: -72 },
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThan(410);
  });
});

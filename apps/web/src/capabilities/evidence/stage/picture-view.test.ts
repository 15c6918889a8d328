import { describe, expect, it } from "vitest";
import { closer, closest, lit, panned, pictureStyle, plainView } from "./picture-view.ts";

describe("looking closer at the picture", () => {
  it("keeps what is under the pointer where it is", () => {
    const point = { x: 0.8, y: 0.3 };
    const view = closer(plainView, 2.5, point);
    // A point of the picture p stands in the frame at (p - middle) * scale + half.
    expect((0.8 - view.x) * view.scale + 0.5).toBeCloseTo(0.8, 9);
    expect((0.3 - view.y) * view.scale + 0.5).toBeCloseTo(0.3, 9);
    const more = closer(view, 1.7, point);
    expect((0.8 - more.x) * more.scale + 0.5).toBeCloseTo(0.8, 9);
  });
  it("never shows anything beyond its edges, and comes back to exactly the whole", () => {
    const corner = panned(closer(plainView, 4), 99, -99);
    expect([corner.x, corner.y]).toEqual([0.875, 0.125]);
    expect(closer(corner, 0.001)).toEqual(plainView);
    expect(closer(plainView, 1e9).scale).toBe(closest);
  });
  it("moves by what the hand moved, however close it is", () => {
    const view = panned(closer(plainView, 4), 0.1, 0);
    expect((0.5 - view.x) * view.scale).toBeCloseTo(-0.1, 9);
  });
});

describe("light for dark footage", () => {
  it("is bounded, and without any the picture is not touched", () => {
    expect(pictureStyle(plainView)).toEqual({});
    expect(lit(plainView, { brightness: 99, contrast: -1 })).toMatchObject({ brightness: 4, contrast: 0.5 });
    expect(pictureStyle(lit(plainView, { brightness: 1.5 }))).toEqual({ filter: "brightness(1.5) contrast(1)" });
  });
});

import { describe, expect, it } from "vitest";
import { followed, isWhole, leastStretch, moved, within, zoomed } from "./stretch.ts";

const hour = 3600;
const whole = { from: 0, to: hour };

describe("the stretch that the time line shows", () => {
  it("keeps the moment under the pointer where it is", () => {
    const closer = zoomed(whole, hour, 0.5, 900);
    expect(closer).toEqual({ from: 450, to: 2250 });
    expect((900 - closer.from) / (closer.to - closer.from)).toBeCloseTo(900 / hour, 9);
  });
  it("never goes beyond the recording, nor closer than anybody can point", () => {
    let close = whole;
    for (let i = 0; i < 40; i += 1) close = zoomed(close, hour, 0.5, hour);
    expect(close.to - close.from).toBeCloseTo(leastStretch, 6);
    expect(close.to).toBeCloseTo(hour, 6);
    for (let i = 0; i < 40; i += 1) close = zoomed(close, hour, 2, 0);
    expect(isWhole(close, hour)).toBe(true);
    expect(moved({ from: 10, to: 20 }, hour, -500)).toEqual({ from: 0, to: 10 });
    expect(moved({ from: 10, to: 20 }, hour, 9999)).toEqual({ from: 3590, to: 3600 });
  });
  it("shows a recording whole that is shorter than the closest look", () => {
    expect(within({ from: -1, to: 9 }, 1.2)).toEqual({ from: 0, to: 1.2 });
    expect(zoomed({ from: 0, to: 1.2 }, 1.2, 0.5, 0.6)).toEqual({ from: 0, to: 1.2 });
  });
  it("turns the page with the picture, and leaves whoever looks elsewhere in peace", () => {
    expect(followed({ from: 100, to: 200 }, hour, 199.9, 200.1)).toEqual({ from: 190.1, to: 290.1 });
    expect(followed({ from: 100, to: 200 }, hour, 199, 40)).toEqual({ from: 30, to: 130 });
    expect(followed({ from: 100, to: 200 }, hour, 500, 501)).toEqual({ from: 100, to: 200 });
  });
});

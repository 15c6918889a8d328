import { expect, it } from "vitest";
import { Rate } from "./rate.ts";

it("knows no rate from one moment", () => {
  const rate = new Rate();
  rate.add(1000, 0);
  expect(rate.perSecond()).toBeNull();
});

it("looks at the last ten seconds only", () => {
  const rate = new Rate();
  for (let second = 0; second <= 30; second += 1)
    rate.add(second <= 15 ? second * 100 : 1500 + (second - 15) * 1000, second * 1000);
  expect(rate.perSecond()).toBeCloseTo(1000, 0);
});

it("begins anew when a broken connection takes bytes back", () => {
  const rate = new Rate();
  rate.add(0, 0);
  rate.add(5_000_000, 1000);
  rate.add(1_000_000, 2000);
  expect(rate.perSecond()).toBeNull();
  rate.add(2_000_000, 3000);
  expect(rate.perSecond()).toBe(1_000_000);
});

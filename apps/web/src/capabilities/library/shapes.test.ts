import { EvidenceFilter } from "@sworn/contract";
import { expect, it } from "vitest";
import { addressOfShape, metresBetween, ringOf } from "./shapes.ts";

it("what is drawn is what the contract takes, whichever corner came first", () => {
  const [a, b] = [
    [-72.69, 41.76],
    [-72.7, 41.75],
  ] as const;
  expect(addressOfShape("bbox", [a, b])).toBe("-72.7,41.75,-72.69,41.76");
  expect(addressOfShape("bbox", [a])).toBeNull();
  expect(addressOfShape("area", [a, b])).toBeNull();
  const drawn = {
    bbox: addressOfShape("bbox", [b, a]) ?? "",
    near: addressOfShape("near", [a, b]) ?? "",
    area: addressOfShape("area", [a, b, [-72.71, 41.77]]) ?? "",
  };
  expect(EvidenceFilter.safeParse(drawn).success).toBe(true);
});

it("a circle has its radius all around, and every ring is closed", () => {
  const ring = ringOf("near", "-72.69,41.76,500");
  for (const [lon = 0, lat = 0] of ring) expect(metresBetween([-72.69, 41.76], [lon, lat])).toBeCloseTo(500, -1);
  for (const text of [ring, ringOf("bbox", "1,2,3,4"), ringOf("area", "1,2,3,4,5,6")]) {
    expect(text[0]?.[0]).toBeCloseTo(text.at(-1)?.[0] ?? 0, 9);
    expect(text[0]?.[1]).toBeCloseTo(text.at(-1)?.[1] ?? 0, 9);
  }
  expect(ringOf("area", "not,a,place")).toEqual([]);
});

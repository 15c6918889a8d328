import type { Unit } from "@sworn/contract";
import { expect, it } from "vitest";
import { inTreeOrder, possibleParents } from "./unit-tree.ts";

const unit = (name: string, parentId: string | null = null): Unit => ({
  id: name,
  name,
  parentId,
  people: 0,
  createdAt: "2026-11-20T21:04:00.000Z",
  archivedAt: null,
});
const units = [
  unit("Night", "7th"),
  unit("South"),
  unit("10th", "North"),
  unit("7th", "North"),
  unit("North"),
  unit("Day", "7th"),
];

it("each stands below its own, siblings by name and number", () => {
  expect(inTreeOrder(units).map(({ unit: { name }, depth }) => `${depth} ${name}`)).toEqual([
    "0 North",
    "1 7th",
    "2 Day",
    "2 Night",
    "1 10th",
    "0 South",
  ]);
});

it("a unit is offered every place but itself and what lies below it", () => {
  const names = (moved: string): string[] => possibleParents(units, moved).map((placed) => placed.unit.name);
  expect(names("7th")).toEqual(["North", "10th", "South"]);
  expect(names("North")).toEqual(["South"]);
  expect(names("South")).toEqual(["North", "7th", "Day", "Night", "10th"]);
});

it("a unit whose parent was left out is not lost", () => {
  expect(inTreeOrder(units.filter(({ id }) => id !== "North")).map((placed) => placed.unit.name)).toContain("10th");
});

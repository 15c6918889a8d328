import { describe, expect, it } from "vitest";
import { BodyBudget } from "./read-body.ts";

const MiB = 1024 * 1024;

describe("the memory of bodies", () => {
  it("is not one sender's to fill", () => {
    const budget = new BodyBudget(512 * MiB);
    for (let i = 0; i < 4; i++) budget.take("stolen", 16 * MiB);
    expect(() => budget.take("stolen", 1)).toThrow(expect.objectContaining({ code: "busy" }));
    budget.take("honest", 16 * MiB);
    budget.give("stolen", 16 * MiB);
    budget.take("stolen", 16 * MiB);
    for (let i = 0; i < 4; i++) budget.give("stolen", 16 * MiB);
    budget.give("honest", 16 * MiB);
    expect(budget.held).toBe(0);
    budget.take("stolen", 64 * MiB);
  });

  it("has one end for all", () => {
    const budget = new BodyBudget(512 * MiB);
    for (let i = 0; i < 32; i++) budget.take(`camera ${i}`, 16 * MiB);
    expect(() => budget.take("another", 1)).toThrow(expect.objectContaining({ code: "busy" }));
  });
});

import type { Unit } from "@sworn/contract";
import { describe, expect, it } from "vitest";
import { dayIn, daysBefore, filterOf, monthsAfter } from "./filter.ts";
import { changed, cleared, readSearch, toggled } from "./search.ts";
import { unitChoices } from "./unit-tree.ts";

const id = "3b0f6ad1-5d58-4f53-9c3a-1f5f0c3e9a10";

describe("the address", () => {
  it("may hold anything: only what the contract knows is asked for", () => {
    const search = readSearch({
      q: 118,
      state: "live,nonsense",
      person: `x,${id},${id}`,
      from: "soon",
      minSeconds: "-3",
    });
    expect(filterOf(search, "2026-11-20")).toEqual({ q: "118", state: ["live"], person: [id] });
    const place = readSearch({ bbox: "1,2,3", maxSeconds: 90, is: ["held"], other: "1" });
    expect(filterOf(place, "2026-11-20")).toEqual({ maxSeconds: 90 });
    expect(place).not.toHaveProperty("other");
  });

  it("holds spans that move with the days, today included", () => {
    expect(filterOf({ when: "today" }, "2026-11-20")).toEqual({ from: "2026-11-20" });
    expect(filterOf({ when: "7d", from: "2020-01-01" }, "2026-03-03")).toEqual({ from: "2026-02-25" });
    expect(filterOf({ when: "30d" }, "2026-01-05")).toEqual({ from: "2025-12-07" });
  });

  it("is the same for the same view, whatever was chosen first", () => {
    const one = changed(changed({ as: "list" }, { kind: "video" }), {
      is: toggled(toggled(undefined, "held"), "live"),
    });
    expect(JSON.stringify(one)).toBe('{"is":"held,live","kind":"video","as":"list"}');
    expect(toggled("held", "held")).toBeUndefined();
    expect(cleared(one)).toEqual({ as: "list" });
  });
});

describe("days", () => {
  it("are the agency's", () => {
    const late = new Date("2026-11-20T04:30:00Z");
    expect([dayIn("UTC", late), dayIn("America/New_York", late)]).toEqual(["2026-11-20", "2026-11-19"]);
    expect(daysBefore("2026-03-01", 1)).toBe("2026-02-28");
  });
  it("months on are never a month further than asked", () => {
    expect(monthsAfter("2026-08-31", 6)).toBe("2027-02-28");
    expect(monthsAfter("2026-11-20", 6)).toBe("2027-05-20");
  });
});

it("units are counted with those below, also where only those have items", () => {
  const unit = (name: string, parentId: string | null): Unit => ({
    id: name,
    name,
    parentId,
    people: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    archivedAt: null,
  });
  const units = [unit("Night", "Central"), unit("City", null), unit("Central", "City"), unit("North", "City")];
  const counts = [
    { value: "Night", label: "Night", count: 4 },
    { value: "Central", label: "Central", count: 2 },
    { value: "gone", label: "Moved away", count: 1 },
  ];
  expect(unitChoices(units, counts, []).map(({ label, count, depth }) => [label, count, depth])).toEqual([
    ["City", 6, 0],
    ["Central", 6, 1],
    ["Night", 4, 2],
    ["Moved away", 1, 0],
  ]);
  expect(unitChoices(units, counts, ["North"]).map(({ label }) => label)).toContain("North");
});

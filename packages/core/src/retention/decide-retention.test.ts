import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RetentionFacts, type RetentionPeriod, decideRetention } from "./index.ts";

const facts: RetentionFacts = {
  timeZone: "America/New_York",
  receivedAt: "2026-11-20T23:10:00.000Z",
  capturedAt: "2026-11-20T21:04:00.000Z",
  captureTimeTrusted: true,
  categories: [],
  uncategorised: { count: 90, unit: "day" },
  holds: [],
};
const category = (id: string, keep: RetentionPeriod): RetentionFacts["categories"][number] => ({ id, name: id, keep });

describe("how long an item is kept", () => {
  it("counts calendar days from a trusted capture time, and frees the item when the last day is over", () => {
    const decision = decideRetention(facts);
    expect(decision.keepUntil).toBe("2027-02-18");
    expect(decision.disposableFrom).toBe("2027-02-19T05:00:00.000Z");
    expect(decision.clock).toEqual({
      at: facts.capturedAt,
      basis: "captured",
      because: "captured-at-trusted-time",
    });
  });
  it("takes the longest category, and none of them for ever before any", () => {
    const stop = category("stop", { count: 90, unit: "day" });
    const force = category("force", { count: 4, unit: "year" });
    const homicide = category("homicide", "indefinite");
    expect(decideRetention({ ...facts, categories: [stop, force] })).toMatchObject({
      keepUntil: "2030-11-20",
      decidedBy: { id: "force" },
    });
    expect(decideRetention({ ...facts, categories: [force, homicide, stop] })).toMatchObject({
      keepUntil: null,
      disposableFrom: null,
      decidedBy: { id: "homicide" },
    });
  });
  it("lets a category shorten what holds for uncategorised items: somebody has said what it is", () => {
    const test = category("test", { count: 7, unit: "day" });
    expect(decideRetention({ ...facts, uncategorised: "indefinite", categories: [test] }).keepUntil).toBe("2026-11-27");
  });
  it.each([
    ["no capture time", { capturedAt: null }, "capture-time-unknown"],
    [
      "a clock that anyone can set",
      { capturedAt: "2016-11-20T21:04:00.000Z", captureTimeTrusted: false },
      "capture-time-untrusted",
    ],
    ["a capture after the receipt", { capturedAt: "2036-11-20T21:04:00.000Z" }, "captured-after-received"],
  ] as const)("counts from the receipt with %s", (_, change, because) => {
    const { clock, keepUntil } = decideRetention({ ...facts, ...change });
    expect(clock).toEqual({ at: facts.receivedAt, basis: "received", because });
    expect(keepUntil).toBe("2027-02-18");
  });
  it("counts days of the agency's zone, across a change of the clock and at the end of a month", () => {
    const late = { ...facts, capturedAt: "2026-11-21T04:30:00.000Z", receivedAt: "2026-11-21T06:00:00.000Z" };
    expect(decideRetention(late).keepUntil).toBe("2027-02-18"); // still the 20th in New York
    const leap = {
      ...facts,
      capturedAt: "2024-02-29T12:00:00.000Z",
      uncategorised: { count: 1, unit: "year" },
    } as const;
    expect(decideRetention(leap).keepUntil).toBe("2025-02-28");
    const month = {
      ...facts,
      capturedAt: "2026-01-31T12:00:00.000Z",
      uncategorised: { count: 1, unit: "month" },
    } as const;
    expect(decideRetention(month)).toMatchObject({
      keepUntil: "2026-02-28",
      disposableFrom: "2026-03-01T05:00:00.000Z",
    });
    const spring = {
      ...facts,
      capturedAt: "2026-03-07T12:00:00.000Z",
      uncategorised: { count: 1, unit: "day" },
    } as const;
    expect(decideRetention(spring).disposableFrom).toBe("2026-03-09T04:00:00.000Z");
  });
  it("calls without end what no calendar of four digits can say", () => {
    expect(decideRetention({ ...facts, uncategorised: { count: 36_500, unit: "year" } })).toMatchObject({
      keepUntil: null,
      disposableFrom: null,
    });
  });
  it.each([
    ["a period of nothing", { uncategorised: { count: 0, unit: "day" } }],
    ["half a day", { uncategorised: { count: 0.5, unit: "day" } }],
    ["an unknown zone", { timeZone: "Harbor/Town" }],
    ["a malformed time", { receivedAt: "yesterday" }],
  ] as const)("refuses %s", (_, change) => {
    expect(() => decideRetention({ ...facts, ...change })).toThrow(RangeError);
  });
});

describe("for every item", () => {
  const period: fc.Arbitrary<RetentionPeriod> = fc.oneof(
    { weight: 1, arbitrary: fc.constant("indefinite" as const) },
    {
      weight: 6,
      arbitrary: fc.record({ count: fc.integer({ min: 1, max: 400 }), unit: fc.constantFrom("day", "month", "year") }),
    },
  );
  const instant = fc
    .integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) })
    .map((ms) => new Date(ms).toISOString());
  const anyFacts: fc.Arbitrary<RetentionFacts> = fc.record({
    timeZone: fc.constantFrom("UTC", "America/New_York", "Pacific/Chatham", "Asia/Kathmandu", "Pacific/Apia"),
    receivedAt: instant,
    capturedAt: fc.option(instant),
    captureTimeTrusted: fc.boolean(),
    categories: fc.uniqueArray(fc.record({ id: fc.uuid(), name: fc.string(), keep: period }), {
      selector: ({ id }) => id,
      maxLength: 5,
    }),
    uncategorised: period,
    holds: fc.array(fc.record({ id: fc.uuid(), reason: fc.string() }), { maxLength: 2 }),
  });
  const ending = (text: string | null): number => (text === null ? Infinity : Date.parse(text));

  it("another category never shortens what categories decided", () => {
    fc.assert(
      fc.property(anyFacts, fc.uuid(), period, (item, id, keep) => {
        fc.pre(item.categories.length > 0 && item.categories.every((known) => known.id !== id));
        const more = { ...item, categories: [...item.categories, category(id, keep)] };
        expect(ending(decideRetention(more).keepUntil)).toBeGreaterThanOrEqual(ending(decideRetention(item).keepUntil));
      }),
    );
  });
  it("the order of categories and holds changes nothing", () => {
    fc.assert(
      fc.property(anyFacts, (item) => {
        const other = { ...item, categories: item.categories.toReversed() };
        expect(decideRetention(other)).toEqual(decideRetention(item));
      }),
    );
  });
  it("a hold always wins, and when it ends the schedule is what it was", () => {
    fc.assert(
      fc.property(anyFacts, fc.uuid(), (item, id) => {
        const held = decideRetention({ ...item, holds: [{ id, reason: "litigation" }] });
        const free = decideRetention({ ...item, holds: [] });
        expect(held).toEqual({ ...free, disposableFrom: null, heldBy: [id] });
      }),
    );
  });
  it("nothing is free before its clock has run for the whole period, wherever a camera's clock stood", () => {
    fc.assert(
      fc.property(anyFacts, (item) => {
        const { clock, disposableFrom, keep } = decideRetention({ ...item, holds: [] });
        expect(Date.parse(clock.at)).toBeLessThanOrEqual(Date.parse(item.receivedAt));
        if (!item.captureTimeTrusted) expect(clock.at).toBe(item.receivedAt);
        if (keep === "indefinite") {
          expect(disposableFrom).toBeNull();
          return;
        }
        const days = { day: 1, month: 28, year: 365 }[keep.unit] * keep.count;
        // A zone may have left out a day (Apia, 30 December 2011).
        expect(Date.parse(disposableFrom ?? "")).toBeGreaterThanOrEqual(Date.parse(clock.at) + (days - 1) * 86_400_000);
      }),
    );
  });
});

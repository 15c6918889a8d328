import { expect, it } from "vitest";
import { endOfDay } from "./end-of-day.ts";

it("a day ends in its own zone, on the days the clocks change, too", () => {
  expect(endOfDay("2026-11-20", "UTC")).toBe("2026-11-20T23:59:59.000Z");
  expect(endOfDay("2026-11-20", "America/New_York")).toBe("2026-11-21T04:59:59.000Z");
  expect(endOfDay("2026-10-31", "America/New_York")).toBe("2026-11-01T03:59:59.000Z");
  expect(endOfDay("2026-11-01", "America/New_York")).toBe("2026-11-02T04:59:59.000Z");
  expect(endOfDay("2027-03-14", "America/New_York")).toBe("2027-03-15T03:59:59.000Z");
  expect(endOfDay("2026-11-20", "Pacific/Auckland")).toBe("2026-11-20T10:59:59.000Z");
});

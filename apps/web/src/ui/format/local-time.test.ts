import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./local-time.ts";

test("a wall clock's time is an instant and back, also beside a change of the clocks", () => {
  const zone = "America/New_York";
  expect(toLocal("2026-11-20T21:04:00.000Z", zone)).toBe("2026-11-20T16:04");
  expect(fromLocal("2026-11-20T16:04", zone)).toBe("2026-11-20T21:04:00.000Z");
  expect(fromLocal("2026-11-01T00:30", zone)).toBe("2026-11-01T04:30:00.000Z");
  expect(fromLocal("2026-11-01T01:30", zone)).toBe("2026-11-01T05:30:00.000Z"); // comes twice: the first
  expect(fromLocal("2026-11-01T03:30", zone)).toBe("2026-11-01T08:30:00.000Z");
  expect(fromLocal("2026-03-08T03:30", zone)).toBe("2026-03-08T07:30:00.000Z");
  expect(fromLocal("soon", zone)).toBeNull();
  expect(fromLocal("", zone)).toBeNull();
});

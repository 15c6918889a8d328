import { describe, expect, it } from "vitest";
import { formatBytes } from "./bytes.ts";
import { formatDuration, formatLeft, formatTimecode } from "./duration.ts";
import { momentsIn } from "./moment.ts";

describe("numbers people can feel", () => {
  it("writes bytes in the units that drives are labelled with", () => {
    expect([0, 999, 1000, 3_680_760, 999_600, 12_884_901_888, 4.9e12].map(formatBytes)).toEqual([
      "0 bytes",
      "999 bytes",
      "1.0 kB",
      "3.7 MB",
      "1.0 MB",
      "12.9 GB",
      "4.9 TB",
    ]);
  });
  it("writes durations", () => {
    expect([1500, 10_000, 139_000, 8_076_000].map(formatDuration)).toEqual([
      "1.5 s",
      "10 s",
      "2 min 19 s",
      "2 h 14 min",
    ]);
  });
  it("writes time codes to the millisecond without losing one to rounding", () => {
    expect(formatTimecode(12.48)).toBe("00:12.480");
    expect(formatTimecode(59.9996)).toBe("01:00.000");
    expect(formatTimecode(3792.48)).toBe("01:03:12.480");
    expect(formatTimecode(12.48, { hours: true })).toBe("00:00:12.480");
  });
  it("says time left roughly", () => {
    expect([2, 32, 600, 7200].map(formatLeft)).toEqual(["a few seconds", "about 30 s", "about 10 min", "about 2.0 h"]);
  });
  it("shows the agency's zone, and survives one that this browser does not know", () => {
    const moments = momentsIn("America/New_York");
    expect(moments.full("2026-11-20T21:03:58.120Z")).toBe("20 Nov 2026 16:03:58");
    expect(moments.clock("2026-11-20T21:03:58.120Z", true)).toBe("16:03:58.120");
    expect(moments.zoneName("2026-11-20T21:03:58.120Z")).toBe("EST");
    expect(momentsIn("Nowhere/Land").zone).toBe("UTC");
  });
});

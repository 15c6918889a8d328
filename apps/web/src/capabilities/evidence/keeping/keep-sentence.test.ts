import type { RetentionAnswer } from "@sworn/contract";
import { expect, it } from "vitest";
import { momentsIn } from "../../../ui/format/moment.ts";
import { keepSentence } from "./keep-sentence.ts";

const moments = momentsIn("America/New_York");
const trafficStop: RetentionAnswer = {
  keepUntil: "2027-02-18",
  disposableFrom: "2027-02-19T05:00:00.000Z",
  clock: { at: "2026-11-20T21:04:00.000Z", basis: "captured", because: "captured-at-trusted-time" },
  decidedBy: { id: "3b0f6ad1-5d58-4f53-9c3a-000000000001", name: "Traffic stop" },
  keep: { count: 90, unit: "day" },
  follows: null,
  holds: [],
  restricted: null,
};

it("says until when, by which category, and from when", () => {
  expect(keepSentence(trafficStop, moments, "2026-11-21")).toEqual({
    schedule: "Keep until 18 Feb 2027 (Traffic stop, 90 days from the time of capture).",
    clock: null,
  });
});

it("says which day the time counts from where the camera's clock is not trusted, in the agency's zone", () => {
  const clock = { at: "2026-11-21T02:30:00.000Z", basis: "received", because: "capture-time-untrusted" } as const;
  const said = keepSentence({ ...trafficStop, clock }, moments, "2026-11-21");
  expect(said.schedule).toBe("Keep until 18 Feb 2027 (Traffic stop, 90 days from receipt).");
  expect(said.clock).toContain("20 Nov 2026");
  for (const because of ["capture-time-unknown", "captured-after-received"] as const)
    expect(keepSentence({ ...trafficStop, clock: { ...clock, because } }, moments, "2026-11-21").clock).not.toBeNull();
});

it("says so where nothing ends, where nobody has categorised, and where the time is over", () => {
  const endless = { ...trafficStop, keep: "indefinite", keepUntil: null } as const;
  expect(keepSentence(endless, moments, "2026-11-21")).toEqual({
    schedule: "Keep without end (Traffic stop).",
    clock: null,
  });
  const bare = { ...trafficStop, decidedBy: null, keep: { count: 1, unit: "year" } } as const;
  expect(keepSentence(bare, moments, "2026-11-21").schedule).toBe(
    "Keep until 18 Feb 2027 (not categorised yet, 1 year from the time of capture).",
  );
  expect(keepSentence(trafficStop, moments, "2027-02-18").schedule).toMatch(/^Keep until/);
  expect(keepSentence(trafficStop, moments, "2027-02-19").schedule).toMatch(/^Its time of keeping ended on/);
});

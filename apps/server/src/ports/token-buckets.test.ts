import { expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

it("lets a burst through, then as many as come back, and says when the next is there", () => {
  const time = { now: 0 };
  const buckets = new TokenBuckets({ burst: 3, perSecond: 0.2 }, { monotonic: () => time.now });
  for (let i = 0; i < 3; i++) buckets.take("a");
  expect(() => buckets.take("a", "Slowly.")).toThrow(
    expect.objectContaining({ code: "rate-limited", message: "Slowly.", extra: { retryAfter: 5 } }),
  );
  buckets.take("b"); // another sender has its own
  time.now = 4_999;
  expect(() => buckets.take("a")).toThrow(expect.objectContaining({ extra: { retryAfter: 1 } }));
  time.now = 5_000;
  buckets.take("a");
  expect(() => buckets.take("a")).toThrow();
  buckets.give("a");
  buckets.take("a");
  time.now = 1e9;
  for (let i = 0; i < 3; i++) buckets.take("a");
  expect(() => buckets.take("a")).toThrow();
});

it("remembers no more senders than it may", () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001 }, { monotonic: () => 0 }, 2);
  for (const sender of ["a", "b", "c"]) buckets.take(sender);
  expect(() => buckets.take("c")).toThrow();
  buckets.take("a"); // forgotten for c, so full again
});

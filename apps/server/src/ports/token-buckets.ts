import { Problem } from "@sworn/contract";
import type { Clock } from "./clock.ts";

export interface BucketSize {
  /** How many may come at once. */
  readonly burst: number;
  /** How many more each second, over time. */
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Senders that are remembered; whoever is forgotten first has a full bucket again. */
const MOST_SENDERS = 100_000;

/**
 * One token bucket per sender, in this process's memory. For what costs rows, objects or entries of the log each time:
 * a lost key must not make them without end, and an honest sender must never notice. A start fills all buckets.
 */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize, clock: Pick<Clock, "monotonic">, most = MOST_SENDERS) {
    this.#size = size;
    this.#clock = clock;
    this.#most = most;
  }

  /** Takes one, or refuses with `rate-limited` and the seconds until the next is there (also as Retry-After). */
  take(sender: string, detail?: string): void {
    const bucket = this.#bucketOf(sender);
    if (bucket.tokens < 1) {
      const retryAfter = Math.max(1, Math.ceil((1 - bucket.tokens) / this.#size.perSecond));
      throw new Problem("rate-limited", detail, { extra: { retryAfter } });
    }
    bucket.tokens -= 1;
  }

  /** Gives one back: what it was taken for turned out to be none of what is limited. */
  give(sender: string): void {
    const bucket = this.#bucketOf(sender);
    bucket.tokens = Math.min(this.#size.burst, bucket.tokens + 1);
  }

  #bucketOf(sender: string): Bucket {
    const { burst, perSecond } = this.#size;
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(sender);
    const tokens =
      known === undefined ? burst : Math.min(burst, known.tokens + (Math.max(0, now - known.at) / 1000) * perSecond);
    const bucket = { tokens, at: now };
    // Moved to the end: the map's order is that of last use.
    this.#buckets.delete(sender);
    this.#buckets.set(sender, bucket);
    if (this.#buckets.size > this.#most) this.#buckets.delete(this.#buckets.keys().next().value ?? sender);
    return bucket;
  }
}

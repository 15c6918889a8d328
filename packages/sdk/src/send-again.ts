import type { SwornError } from "./sworn-error.ts";

const TRIES = 4;
/** A server that asks for more is not waited for within one call. */
const LONGEST_MS = 10_000;

/**
 * After this many tries under one key: how long to wait for the next, in ms. Null: it would not help. A refusal stays
 * one; without an answer, or one from something in between, the server may or may not have done it.
 */
export function waitBeforeNext(error: SwornError, tries: number): number | null {
  // The first try may still be under way, where its connection broke: its answer can be waited for.
  const underWay = error.code === "outcome-unknown" && tries > 1;
  if (tries >= TRIES || !(underWay || error.code === "network" || [502, 503, 504].includes(error.status))) return null;
  const asked = (error.retryAfterSeconds ?? 0) * 1000;
  // Not all at the same moment: whoever lost the server lost it together.
  return asked > LONGEST_MS ? null : Math.max(asked, 250 * 2 ** (tries - 1) * (1 + Math.random()));
}

/** An Idempotency-Key nobody else has. `randomUUID` is missing where a page came without TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

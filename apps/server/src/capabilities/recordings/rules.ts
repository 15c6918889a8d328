import { type OpenRecording, Problem, type TimeSource } from "@sworn/contract";
import { SPAN_BYTES } from "../intake/index.ts";
import { Fmp4Error, type Fmp4Init, type Fmp4Tail } from "@sworn/core";

export const FRAGMENT_BYTES = 16 * 1024 * 1024;

/** A day of one-second fragments: whoever lists, seals or checks a take may hold its rows in memory. */
export const TAKE_FRAGMENTS = 86_400;

/** A camera that never stops goes on in a new take. */
export function assertTakeHasRoom(n: number): void {
  if (n >= TAKE_FRAGMENTS)
    throw new Problem(
      "take-closed",
      `This part holds ${TAKE_FRAGMENTS} fragments, which is the most. Go on in a new one.`,
    );
}

const MINUTE = 60_000;
const FUTURE_MS = 5 * MINUTE;
const PAST_MS = 90 * 24 * 60 * MINUTE;

/** What the take row keeps for judging the next fragment. `init` is null until the init segment is received. */
export interface TakeTail {
  readonly init: Fmp4Init | null;
  readonly last: Fmp4Tail | null;
}

export function parseTail(value: unknown): TakeTail {
  const tail = (typeof value === "object" && value !== null ? value : {}) as Partial<TakeTail>;
  return { init: tail.init ?? null, last: tail.last ?? null };
}

/**
 * A camera's clock is a claim. A recording may be opened days after it was made (no network), so an old time is
 * normal up to 90 days; a time more than 5 minutes ahead, or older, is kept as claimed but loses its uncertainty and
 * its rank as a source, and is flagged beside the server's time. Nothing is ever ordered by it.
 */
export function judgeClock(
  clock: OpenRecording["clock"],
  now: number,
): { recordedAt: Date; source: TimeSource; uncertaintyMs: number | null; skewMs: number; plausible: boolean } {
  const at = Date.parse(clock.utc);
  if (Number.isNaN(at)) throw new Problem("request-malformed", "The camera's time does not exist (clock.utc)");
  const skewMs = at - now;
  const plausible = skewMs <= FUTURE_MS && skewMs >= -PAST_MS;
  return {
    recordedAt: new Date(at),
    source: plausible ? clock.source : "camera-clock",
    uncertaintyMs: plausible ? clock.uncertaintyMs : null,
    skewMs,
    plausible,
  };
}

/** SHA-256 (32 bytes) of an RFC 9530 `Content-Digest`, whatever other digests stand beside it. */
export function parseContentDigest(header: string | undefined): Buffer {
  const found = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?:,|;|$)/.exec(header ?? "");
  if (found?.[1] === undefined) throw new Problem("digest-missing");
  return Buffer.from(found[1], "base64");
}

/** Refusals of the structure check as the API says them; `why` is the check's own closed code. */
export function toProblem(error: unknown, what: "init" | "fragment"): unknown {
  if (!(error instanceof Fmp4Error)) return error;
  const options = { cause: error, extra: { why: error.code } };
  if (what === "init") return new Problem("init-malformed", `Not an fMP4 init segment: ${error.message}.`, options);
  if (error.code === "not-key") return new Problem("fragment-not-key", `${error.message}.`, options);
  if (error.code === "time-back" || error.code === "time-jump")
    return new Problem("fragment-time", `${error.message}.`, options);
  return new Problem("fragment-malformed", `Not a whole fMP4 fragment: ${error.message}.`, options);
}

/** The first rows that fit into one span, in order. At least one: no fragment is larger than a span. */
export function pickRun<Row extends { size: number }>(rows: readonly Row[], limit = SPAN_BYTES): Row[] {
  let size = 0;
  const end = rows.findIndex((row) => (size += row.size) > limit);
  return rows.slice(0, end === -1 ? rows.length : Math.max(1, end));
}

/** When a take's run is due: it fills most of a span, its oldest fragment is a minute old, or no more will come. */
export function isDue(
  run: { bytes: number; oldestAt: number; state: "open" | "sealing" | "stored" | "interrupted" },
  now: number,
  rollAfterMs: number,
): boolean {
  return run.state !== "open" || now - run.oldestAt >= rollAfterMs || run.bytes >= SPAN_BYTES - FRAGMENT_BYTES;
}

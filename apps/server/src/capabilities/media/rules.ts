import type { MediaFacts, MediaState } from "@sworn/contract";
import { MediaError, type MediaErrorCode } from "../../ports/media.ts";

export const POSTER_WIDTH = 1280;
export const STORYBOARD_COLUMNS = 10;
/** Upright pictures are bounded by their height; nothing real is three times as high as wide. */
export const STORYBOARD_TILE = { width: 160, height: 480 };

/** Two seconds in, where the lens is uncovered, or the middle of anything shorter. */
export function posterAtMs(durationMs: number | null): number {
  return durationMs === null ? 0 : Math.min(2000, Math.floor(durationMs / 2));
}

export interface Verdict {
  readonly state: MediaState;
  readonly code: MediaErrorCode | "truncated" | "damaged" | "failed" | null;
  readonly detail: string | null;
  /** Whether the queue should try again. */
  readonly again: boolean;
}

/** How a failure is shown on the item: a refusal stays, a crash or hang may turn out otherwise. */
export function judgeFailure(error: unknown): Verdict {
  if (error instanceof MediaError) {
    const state = error.retryable ? "failed" : "refused";
    return { state, code: error.code, detail: error.message, again: error.retryable };
  }
  if (error instanceof Error && error.name === "StoredDamage")
    return {
      state: "failed",
      code: "damaged",
      detail: "What is stored does not match its hash. Run the check.",
      again: false,
    };
  return {
    state: "failed",
    code: "failed",
    detail: "Something failed here while reading the file. The original is kept.",
    again: true,
  };
}

/** A file that ends before it says so is shown with what it holds. */
export function judgeFacts(missing: number): Verdict {
  if (missing === 0) return { state: "ready", code: null, detail: null, again: false };
  const detail = `The file ends early: ${missing} bytes that it announces are not there.`;
  return { state: "ready", code: "truncated", detail, again: false };
}

/** The log holds integers and texts only, and no claim of the file about people or places. */
export function factsForLog(facts: MediaFacts): Record<string, string | number | null> {
  return {
    container: facts.container,
    durationMs: facts.durationMs,
    video: facts.video?.codec ?? null,
    width: facts.video?.width ?? null,
    height: facts.video?.height ?? null,
    audio: facts.audio?.codec ?? null,
  };
}

import type { MediaFacts } from "@sworn/contract";

export type MediaErrorCode =
  | "format-refused"
  | "codec-refused"
  | "unreadable"
  | "timed-out"
  | "too-large"
  | "crashed"
  | "sandbox-unavailable";

/** `retryable` tells a crash or hang (may be tried again) from a refusal (will not change). */
export class MediaError extends Error {
  readonly code: MediaErrorCode;
  readonly retryable: boolean;
  constructor(code: MediaErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "MediaError";
    this.code = code;
    this.retryable = code === "timed-out" || code === "crashed" || code === "sandbox-unavailable";
  }
}

/**
 * Opens hostile files, so every adapter MUST run outside the server process, without network, with limits
 * on time, memory and output, and with allow-lists of protocol, container and codec.
 * `source` is a path in the scratch folder that the caller made and wipes.
 */
export interface Media {
  probe(source: string, signal?: AbortSignal): Promise<MediaFacts>;
  /** A JPEG of one frame near `atMs`, at most `width` wide. */
  poster(source: string, options: { atMs: number; width: number }, signal?: AbortSignal): Promise<Uint8Array>;
  /** Tool name and version, for provenance. */
  describe(): Promise<{ tool: string; version: string }>;
}

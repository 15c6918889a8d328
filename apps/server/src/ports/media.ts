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

export interface Storyboard {
  readonly jpeg: Uint8Array;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly times: readonly number[];
}

/** A copy of a part of an original, and how its own clock is read (see `withCut`). */
export interface CutInput {
  readonly path: string;
  readonly seekMs: number | null;
  readonly fragmented: boolean;
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
  /**
   * One JPEG of all pictures of `source`, row by row, each scaled into `within`; `times`: when each stands in `source`,
   * in ms. Pictures that do not decode are left out of both.
   */
  storyboard(
    source: string,
    options: { columns: number; rows: number; within: { width: number; height: number } },
    signal?: AbortSignal,
  ): Promise<Storyboard>;
  /** The first track of captions as WebVTT; null where there is none. Its text is as hostile as the file. */
  captions(source: string, signal?: AbortSignal): Promise<string | null>;
  /** Gives `take` the sound as mono 16-bit little-endian samples, `rate` a second, from time 0 on; gaps are silent. */
  sound(source: string, rate: number, take: (pcm: Buffer) => void, signal?: AbortSignal): Promise<void>;
  /** The first picture at or after `atMs` of the file's own clock, as it is or at most `width` wide. */
  still(
    cut: CutInput,
    picture: { atMs: number; format: "png" | "jpeg"; width: number | null },
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
  /**
   * Encodes [fromMs, toMs) of the file's own clock anew, as fragmented MP4 given to `take` as it comes; `progress` is
   * told how many ms are done.
   */
  clip(
    cut: CutInput,
    range: { fromMs: number; toMs: number },
    out: { take: (chunk: Buffer) => void; progress: (doneMs: number) => void },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Tool name and version, for provenance. */
  describe(): Promise<{ tool: string; version: string }>;
}

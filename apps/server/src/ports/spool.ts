/** Where a sealed fragment lies on this node until it is rolled into a span. */
export interface SpoolPlace {
  readonly node: string;
  readonly segment: string;
  readonly offset: number;
  readonly size: number;
}

/**
 * A node's append-only store of sealed fragments. Contract:
 * - `append` answers only after an fdatasync that covers the bytes (calls that arrive together share one).
 * - After one failed write or fsync of a segment, every append waiting on it fails with `storage-failed`
 *   semantics (SpoolError), the segment is never written again, and the next append opens another.
 * - `read` gives exactly the bytes appended at a place, or throws.
 * - `release` unlinks a segment that is not open. The caller has made sure that no row names it.
 */
export interface Spool {
  readonly node: string;
  append(sealed: Uint8Array): Promise<SpoolPlace>;
  read(place: SpoolPlace): Promise<Uint8Array>;
  /** Segments on disk, oldest first, without the open one. */
  closedSegments(): Promise<string[]>;
  release(segment: string): Promise<void>;
  /** Ends the open segment so that it can be released once rolled. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

export class SpoolError extends Error {
  /** `damaged`: what was read back is not what was appended. */
  readonly code: "not-durable" | "full" | "missing" | "damaged" | "wrong-node";
  constructor(code: SpoolError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "SpoolError";
    this.code = code;
  }
}

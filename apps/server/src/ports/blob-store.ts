/**
 * Write-once storage of sealed objects. Contract, held by every adapter (suite in @sworn/testkit):
 * - `put` MUST answer only after the bytes are durable under `key` and whole; a crash leaves either nothing or
 *   the whole object under that name. It reads the object back and compares before it answers, unless the caller
 *   passes `readBack: "later"`: a promise to read it back itself before anything is called `stored` (uploads: the
 *   sealing worker reads every span anyway, and `received` must not wait for that).
 * - A caller that knows the SHA-256 of what it gives (once `bytes` have ended) passes it as `sha256`: then it is not
 *   computed a second time, and it is what reading back must find.
 * - `put` MUST refuse a key that exists (`exists`), even when two writers race: exactly one wins.
 * - After one failed fsync (or its like) `put` MUST fail with `not-durable` and never retry that file.
 * - A failed put leaves nothing visible under `key`.
 * - `put` MUST be done with a piece before it asks for the next: the source fills the buffer again.
 * - `get` MUST stream; asking for bytes outside the object is `out-of-range`; a missing object is `missing`.
 * - Keys are made by Sworn: `[0-9a-f-]` and `/` only; anything else is `bad-key`.
 */
export interface BlobStore {
  put(
    key: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: { readBack?: "now" | "later"; sha256?: () => Uint8Array },
  ): Promise<{ size: number; sha256: Uint8Array }>;
  /** `length` omitted: to the end. */
  get(key: string, range?: { start: number; length?: number }): AsyncIterable<Uint8Array>;
  size(key: string): Promise<number>;
  /** Every key, in no particular order; temporary leftovers are not keys. */
  list(): AsyncIterable<{ key: string; size: number; modifiedAt: number }>;
  /** Only for orphans that no row ever named, and for lawful disposal. */
  remove(key: string): Promise<void>;
  /** Free bytes, or null where the store cannot say. */
  free(): Promise<{ free: number; total: number } | null>;
}

export type BlobErrorCode =
  | "exists"
  | "missing"
  | "out-of-range"
  | "bad-key"
  | "not-durable"
  | "full"
  | "mismatch"
  | "unavailable";

export class BlobError extends Error {
  readonly code: BlobErrorCode;
  constructor(code: BlobErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "BlobError";
    this.code = code;
  }
}

/** Bytes to send, read again from any offset after a broken connection. */
export interface UploadSource {
  readonly name: string;
  readonly size: number;
  /** Media type, or "" where unknown. */
  readonly type: string;
  /** Bytes `start` (inclusive) to `end` (exclusive). */
  read(start: number, end: number): Blob | Uint8Array | ReadableStream<Uint8Array>;
}

/** A File from a page, or Node's `openAsBlob`: only slices are read, whatever its size. */
export function blobSource(blob: Blob & { readonly name?: string }, name?: string): UploadSource {
  return {
    name: name ?? blob.name ?? "unnamed",
    size: blob.size,
    type: blob.type,
    read: (start, end) => blob.slice(start, end),
  };
}

export function bytesSource(bytes: Uint8Array, name: string, type = ""): UploadSource {
  return { name, size: bytes.length, type, read: (start, end) => bytes.subarray(start, end) };
}

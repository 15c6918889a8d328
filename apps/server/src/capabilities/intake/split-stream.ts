/**
 * Cuts one stream into parts of at most `partBytes`, each a stream of its own; no part is empty. A part must be read to
 * its end before the next is asked for. Nothing is copied: a piece that crosses a border is handed on in two.
 */
export async function* splitStream(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  partBytes: number,
): AsyncIterable<AsyncIterable<Uint8Array>> {
  const source = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;

  async function more(): Promise<boolean> {
    while (rest.length === 0 && !ended) {
      const next = await source.next();
      if (next.done === true) ended = true;
      else rest = next.value;
    }
    return rest.length > 0;
  }
  async function* part(): AsyncIterable<Uint8Array> {
    for (let left = partBytes; left > 0 && (await more());) {
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  try {
    while (await more()) yield part();
  } finally {
    await source.return?.();
  }
}

/** The same bytes, and a promise that is kept once they were read to their end. */
export function whenRead(bytes: AsyncIterable<Uint8Array>): { bytes: AsyncIterable<Uint8Array>; read: Promise<void> } {
  let done = (): void => undefined;
  const read = new Promise<void>((resolve) => (done = resolve));
  async function* pass(): AsyncIterable<Uint8Array> {
    yield* bytes;
    done();
  }
  return { bytes: pass(), read };
}

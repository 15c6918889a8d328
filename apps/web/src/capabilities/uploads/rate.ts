/** Bytes per second over the last ten seconds: steady enough to read, quick enough to notice a stall. */
export class Rate {
  #samples: { at: number; bytes: number }[] = [];

  add(bytes: number, at: number): void {
    const last = this.#samples.at(-1);
    // After a broken connection the count goes back to what is durable: what was before says nothing any more.
    if (last !== undefined && bytes < last.bytes) this.#samples = [];
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > 10_000) this.#samples.shift();
  }

  /** Null until two moments are known. */
  perSecond(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 500) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

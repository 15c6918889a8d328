/** How loud each stretch is: the largest swing, 0 to 255. */
export interface Peaks {
  readonly stepMs: number;
  readonly peaks: Uint8Array;
}
export interface PeakMeter {
  /** Goes on at this time of the whole; what lies between is silent. Never back. */
  seek(ms: number): void;
  /** Mono 16-bit little-endian samples, in pieces of any length. */
  push(pcm: Uint8Array): void;
  finish(): Peaks;
}

const STEP_MS = 100;
const MOST = 36_000;
/** A day and a little: what is later is left out. */
const LONGEST = (26 * 3600 * 1000) / STEP_MS;

/** Measures peaks per 1/10 s; of long sound the steps are widened until at most 36,000 remain. */
export function createPeakMeter(rate: number, most = MOST): PeakMeter {
  const perStep = (rate * STEP_MS) / 1000;
  const peaks = new Uint8Array(LONGEST);
  let at = 0;
  let used = 0;
  let odd: number | null = null;
  const take = (sample: number): void => {
    const step = Math.floor(at / perStep);
    at += 1;
    if (step >= LONGEST) return;
    used = step + 1;
    const value = Math.min(255, Math.round((Math.abs(sample) * 255) / 32_767));
    if (value > (peaks[step] ?? 0)) peaks[step] = value;
  };
  return {
    seek(ms) {
      odd = null;
      at = Math.max(at, Math.round((ms * rate) / 1000));
    },
    push(pcm) {
      let from = 0;
      if (odd !== null && pcm.length > 0) {
        take(signed(odd, pcm[0] ?? 0));
        odd = null;
        from = 1;
      }
      for (; from + 1 < pcm.length; from += 2) take(signed(pcm[from] ?? 0, pcm[from + 1] ?? 0));
      if (from < pcm.length) odd = pcm[from] ?? 0;
    },
    finish() {
      const wide = Math.max(1, Math.ceil(used / most));
      const joined = Uint8Array.from({ length: Math.ceil(used / wide) }, (_, i) =>
        peaks.subarray(i * wide, Math.min(used, (i + 1) * wide)).reduce((max, value) => Math.max(max, value), 0),
      );
      return { stepMs: STEP_MS * wide, peaks: joined };
    },
  };
}

const signed = (low: number, high: number): number => ((low | (high << 8)) << 16) >> 16;

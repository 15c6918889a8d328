import { MediaError } from "../../ports/media.ts";
import { type SourceFile, withScratchCopy } from "./copy-to-scratch.ts";
import type { Strip } from "./keep-strip.ts";
import { createPeakMeter } from "./measure-peaks.ts";
import type { MediaDeps } from "./media-deps.ts";
import { pickSound } from "./pick-sound.ts";
import { copyLimits } from "./plan-copy.ts";
import { readIndex } from "./read-index.ts";
import { withReel } from "./with-reel.ts";

/** Telephone rate: enough for how loud it is, and 16 kB a second out of the decoder. */
const RATE = 8000;

/** Of small files all of it, with its holes, in one pass; of large ones the sound alone, piece by piece. */
export async function makeWaveform(
  deps: Pick<MediaDeps, "media" | "scratch">,
  source: SourceFile,
  signal: AbortSignal,
): Promise<Strip> {
  const meter = createPeakMeter(RATE);
  const listen = (path: string): Promise<void> => deps.media.sound(path, RATE, (pcm) => meter.push(pcm), signal);
  if (source.size <= copyLimits.whole) {
    await withScratchCopy(deps.scratch, source, signal, (copy) => listen(copy.path));
  } else {
    const index = await readIndex(source, signal);
    for await (const { track, startMs, parts } of pickSound(source, index, signal)) {
      meter.seek(startMs);
      await withReel(deps.scratch, source, index, { track, timescale: track.timescale, parts }, signal, listen);
    }
  }
  const { stepMs, peaks } = meter.finish();
  if (peaks.length === 0) throw new MediaError("unreadable", "No sound could be decoded.");
  return {
    role: "waveform",
    mediaType: "application/octet-stream",
    bytes: peaks,
    layout: { form: "u8-peaks", stepMs, count: peaks.length },
    count: peaks.length,
  };
}

import { Fmp4Error, type GpmfPayload, readMovie, type ReadRange, readSamples, walkTopBoxes } from "@sworn/core";

const MiB = 1024 * 1024;
const MAX_INDEX = 64 * MiB;
const MAX_METADATA = 128 * MiB;
const MAX_SAMPLES = 200_000;
// A file whose parts come one by one (fMP4) has its index spread out; no camera that we know puts GPMF into one.
const MAX_BOXES = 64;

/** The metadata track of an MP4 or MOV, or why there is none. Bounded whatever the file says about itself. */
export async function findPayloads(
  read: ReadRange,
  size: number,
  signal: AbortSignal,
): Promise<{ payloads: GpmfPayload[] } | { none: string }> {
  const { boxes } = await walkTopBoxes(read, size, MAX_BOXES);
  const index = boxes.find((box) => box.type === "moov");
  if (index === undefined || index.end > size) return { none: "no index" };
  if (index.end - index.start > MAX_INDEX) return { none: "index too large" };
  try {
    const moov = await read(index.start, index.end);
    const track = readMovie(moov).find((each) => each.format === "gpmd");
    if (track === undefined) return { none: "no metadata track" };
    const samples = readSamples(moov, track, MAX_SAMPLES);
    if (samples.reduce((sum, sample) => sum + sample.size, 0) > MAX_METADATA) return { none: "metadata too large" };
    const payloads: GpmfPayload[] = [];
    for (const { offset, size: length, startMs, durationMs } of samples) {
      signal.throwIfAborted();
      // A table that points beyond the file: the rest of the file was cut off. What is there is read.
      if (offset + length > size) continue;
      payloads.push({ bytes: await read(offset, offset + length), startMs, durationMs });
    }
    return { payloads };
  } catch (error) {
    // The index is not whole: that is the file's, and trying again reads the same bytes.
    if (error instanceof Fmp4Error) return { none: error.code };
    throw error;
  }
}

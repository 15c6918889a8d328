import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { MediaFacts } from "@sworn/contract";
import { MediaError } from "../../ports/media.ts";
import { type Cut, indexClip, type MediaDeps, openOriginal, POSTER_WIDTH, withCut } from "../media/index.ts";
import type { RenderingRow, Source } from "./store.ts";

/** What was made, readable while the scratch folder is there. */
export interface Made {
  readonly mediaType: string;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** When the picture or the range begins, on the player's clock. */
  readonly fromMs: number;
  readonly durationMs: number | null;
  /** Of a still, which needs no decoder any more. */
  readonly poster: Uint8Array | null;
  readonly facts: MediaFacts | null;
}

const MiB = 1024 * 1024;
/** Of what an encoder may write. */
const MAX_CLIP = 2048 * MiB;

/** Makes the still or the clip and gives it to `keep` before the scratch folder is wiped. */
export async function render(
  deps: Pick<MediaDeps, "media" | "scratch" | "blobStore" | "database" | "evidenceKeys">,
  row: RenderingRow,
  source: Source,
  progress: (permille: number) => void,
  signal: AbortSignal,
  keep: (made: Made) => Promise<void>,
): Promise<void> {
  const original = await openOriginal(deps, row.agency_id, source.fileId);
  const { from_ms: fromMs } = row;
  const toMs = row.to_ms ?? fromMs;
  // Room for what an encoder writes: at the quality chosen, rarely more than the original's own rate.
  const room = row.kind === "clip" ? 64 * MiB + (toMs - fromMs) * 4096 : MiB;
  await withCut(deps.scratch, original, { fromMs, toMs, room }, signal, async (cut) => {
    await keep(
      row.kind === "clip"
        ? await makeClip(deps, cut, { fromMs, toMs }, progress, signal)
        : await makeStill(deps, cut, signal),
    );
  });
}

async function makeStill(deps: Pick<MediaDeps, "media">, cut: Cut, signal: AbortSignal): Promise<Made> {
  const atMs = cut.frameMs + cut.originMs;
  const png = await deps.media.still(cut, { atMs, format: "png", width: null }, signal);
  const poster = await deps.media.still(cut, { atMs, format: "jpeg", width: POSTER_WIDTH }, signal);
  const view = Buffer.from(png.buffer, png.byteOffset, png.length);
  // PNG, 11.2.2: the header comes first, and we made it.
  if (view.length < 24 || view.readUInt32BE(0) !== 0x89504e47) throw new MediaError("crashed", "No picture came out.");
  const video = {
    codec: "png",
    width: view.readUInt32BE(16),
    height: view.readUInt32BE(20),
    frameRate: null,
    rotation: 0,
  };
  return {
    mediaType: "image/png",
    bytes: [png],
    fromMs: Math.round(cut.frameMs),
    durationMs: null,
    poster,
    facts: { container: "png", durationMs: null, video, audio: null, createdAt: null, device: null },
  };
}

async function makeClip(
  deps: Pick<MediaDeps, "media">,
  cut: Cut,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  progress: (permille: number) => void,
  signal: AbortSignal,
): Promise<Made> {
  const file = await cut.folder.create("clip", MAX_CLIP);
  let size = 0;
  let written = Promise.resolve();
  const take = (chunk: Buffer): void => {
    const at = size;
    size += chunk.length;
    written = written.then(() => file.write(at, chunk));
    // Looked at below; a failure while the encoder runs must not end the process.
    written.catch(() => undefined);
  };
  const { originMs } = cut;
  try {
    await deps.media.clip(
      cut,
      { fromMs: fromMs + originMs, toMs: toMs + originMs },
      { take, progress: (doneMs) => progress(Math.round((1000 * doneMs) / (toMs - fromMs))) },
      signal,
    );
    await written;
  } finally {
    await written.catch(() => undefined);
    await file.finish();
  }
  const handle = await open(file.path, "r");
  try {
    const { at, sidx, durationMs } = await indexClip(async (start, end) => {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.subarray(0, bytesRead);
    }, size);
    if (durationMs === 0) throw new MediaError("unreadable", "No picture could be decoded in this range.");
    return {
      mediaType: "video/mp4",
      bytes: pieces(file.path, size, at, sidx),
      fromMs,
      durationMs,
      poster: null,
      facts: null,
    };
  } finally {
    await handle.close();
  }
}

async function* pieces(path: string, size: number, at: number, sidx: Uint8Array): AsyncIterable<Uint8Array> {
  yield* createReadStream(path, { start: 0, end: at - 1 }) as AsyncIterable<Uint8Array>;
  yield sidx;
  yield* createReadStream(path, { start: at, end: size - 1 }) as AsyncIterable<Uint8Array>;
}

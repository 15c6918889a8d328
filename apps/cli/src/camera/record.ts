import { randomUUID } from "node:crypto";
import { Capture, type CaptureOptions, isFinite } from "./capture.ts";
import type { GpsLog } from "./gps-log.ts";
import { RecordingFolder } from "./recording-folder.ts";

export interface RecordState {
  take: number;
  fragments: number;
  bytes: number;
  durationMs: number;
}

export interface RecordOptions {
  readonly spool: string;
  readonly title: string | undefined;
  readonly capture: CaptureOptions;
  readonly gps: GpsLog;
  /** The first unit is about to be kept: the recording exists now. */
  readonly onBegin: (folder: RecordingFolder) => void;
  /** A fragment is durable here. */
  readonly onFragment: () => void;
  readonly state: RecordState;
  /** Aborted by Ctrl-C: the encoder is stopped, its last fragment kept, the recording ended. */
  readonly signal: AbortSignal;
}

const RESTART_MS = 500;

/**
 * Records until the source ends or the signal: every fragment is fsynced in the spool before anything else hears of
 * it. When a live source breaks, the next run of the encoder is a new take. Answers the folder, or null when the source
 * gave nothing at all; then `complaint` says why.
 */
export async function record(options: RecordOptions): Promise<{ folder: RecordingFolder | null; complaint: string }> {
  const { signal, state, capture: source } = options;
  let folder: RecordingFolder | null = null;
  let complaint = "";
  let reason: "button" | "source-ended" = "source-ended";
  let takes = 0;
  let playedMs = 0; // of the recording, over all takes: what the positions are in step with
  while (!signal.aborted) {
    const capture = new Capture(source);
    const stop = (): void => capture.stop();
    signal.addEventListener("abort", stop, { once: true });
    const takeStartMs = playedMs;
    let n = 0;
    for await (const unit of capture.units()) {
      if (unit.kind === "init") {
        if (folder === null) {
          folder = await RecordingFolder.create(options.spool, {
            id: randomUUID(),
            reason: "button",
            ...(options.title === undefined ? {} : { title: options.title }),
            // Nothing here knows whether the system's clock is kept by NTP: it is a camera's clock, no more.
            clock: { utc: new Date().toISOString(), source: "camera-clock", uncertaintyMs: null },
            camera: { model: "software camera", software: "sworn 0.1.0" },
          });
          options.onBegin(folder);
        }
        await folder.addTake(takes, unit.bytes);
        state.take = takes;
        continue;
      }
      if (folder === null) continue;
      const { startMs, durationMs } = unit;
      playedMs = takeStartMs + startMs + durationMs;
      await folder.addFixes(takes, options.gps.take(playedMs, takeStartMs));
      await folder.addFragment(takes, { n, startMs, durationMs, bytes: unit.bytes });
      n += 1;
      state.fragments += 1;
      state.bytes += unit.bytes.length;
      state.durationMs = playedMs;
      options.onFragment();
    }
    signal.removeEventListener("abort", stop);
    await capture.exited();
    complaint = capture.complaint;
    takes += 1;
    if (signal.aborted) reason = "button";
    // What plays to its end has ended; so has what was told how long to run, and a source that gives nothing.
    if (isFinite(source.source) || source.seconds !== undefined || folder === null) break;
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
  }
  await folder?.end(reason);
  return { folder, complaint };
}

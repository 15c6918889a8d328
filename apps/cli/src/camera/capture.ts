import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { createSplitter, type Fmp4Init, readFragment, readInit } from "@sworn/core";

export interface CaptureOptions {
  /** `test`, a file, `/dev/videoN`, or `rtsp://…` */
  readonly source: string;
  /** Files at the speed they were recorded; streams and devices always are. */
  readonly realtime: boolean;
  readonly width: number;
  readonly height: number;
  readonly rate: number;
  readonly kilobits: number;
  /** Stops by itself after so much; absent: when the source ends. */
  readonly seconds?: number | undefined;
}

export type Captured =
  | { readonly kind: "init"; readonly bytes: Uint8Array }
  | { readonly kind: "fragment"; readonly bytes: Uint8Array; readonly startMs: number; readonly durationMs: number };

/** Ends by itself; anything else is a break after which a new take begins. */
export const isFinite = (source: string): boolean =>
  source !== "test" && !source.startsWith("rtsp://") && !isDevice(source);
const isDevice = (source: string): boolean => source.startsWith("/dev/");

/** No byte for this long from a live source: it hangs, whatever ffmpeg's own timeout and exit code say. */
const SILENT_MS = 15_000;

/** One run of ffmpeg: H.264 and AAC, a key frame each second, cut into whole fragments. One run is one take. */
export class Capture {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #watches: boolean;
  #complaint = "";

  constructor(options: CaptureOptions) {
    this.#watches = !isFinite(options.source);
    // Its own process group: Ctrl-C is for us, so that the last fragment is still written.
    this.#child = spawn("ffmpeg", captureArgs(options), { stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child.stderr.setEncoding("utf8");
    this.#child.stderr.on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2000);
    });
    this.#child.on("error", (error) => {
      this.#complaint = error.message;
    });
  }

  /** What ffmpeg said last. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  async *units(): AsyncGenerator<Captured> {
    const splitter = createSplitter();
    let init: Fmp4Init | null = null;
    let seenAt = Date.now();
    const watch = setInterval(() => {
      if (this.#watches && Date.now() - seenAt > SILENT_MS) this.kill();
    }, 1000);
    try {
      for await (const chunk of this.#child.stdout) {
        for (const { kind, bytes } of splitter.push(chunk as Buffer)) {
          if (kind === "init") {
            init = readInit(bytes);
            yield { kind, bytes };
          } else if (init !== null) {
            const { startMs, durationMs } = readFragment(bytes, init);
            yield { kind, bytes, startMs, durationMs };
          }
        }
        seenAt = Date.now(); // after the disk took it: a slow disk is not a silent source
      }
    } finally {
      clearInterval(watch);
      this.kill();
    }
  }

  /** Lets ffmpeg finish what it encodes: the units end by themselves shortly after. */
  stop(): void {
    this.#child.kill("SIGINT");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async exited(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined)
      await once(this.#child, "exit");
    return this.#child.exitCode;
  }
}

export function captureArgs(options: CaptureOptions): string[] {
  const { source, realtime, width, height, rate, kilobits, seconds } = options;
  const pace = realtime && isFinite(source) ? ["-re"] : [];
  const input =
    source === "test"
      ? testInput(options)
      : isDevice(source)
        ? ["-f", "v4l2", "-framerate", String(rate), "-video_size", `${width}x${height}`, "-i", source]
        : source.startsWith("rtsp://")
          ? ["-rtsp_transport", "tcp", "-i", source]
          : [...pace, "-i", source, "-map", "0:v:0?", "-map", "0:a:0?"];
  const limit = seconds === undefined ? [] : ["-t", String(seconds)];
  const video =
    `-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -b:v ${kilobits}k -maxrate ${kilobits}k ` +
    `-bufsize ${kilobits}k -sc_threshold 0 -force_key_frames expr:gte(t,n_forced)`;
  const audio = "-c:a aac -b:a 96k -ar 48000 -ac 1";
  const format = "-movflags frag_keyframe+empty_moov+default_base_moof+skip_trailer+skip_sidx -f mp4 pipe:1";
  return ["-v", "error", "-nostdin", ...input, ...limit, ...`${video} ${audio} ${format}`.split(" ")];
}

/** A moving picture with a clock in it, and a beep each second: picture and sound can be told apart from a still. */
function testInput({ realtime, width, height, rate }: CaptureOptions): string[] {
  const pace = realtime ? ["-re"] : [];
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${width}x${height}:rate=${rate}`];
  return [...pace, ...picture, ...pace, "-f", "lavfi", "-i", "sine=frequency=440:beep_factor=4:sample_rate=48000"];
}

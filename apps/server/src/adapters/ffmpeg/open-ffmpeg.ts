import { open } from "node:fs/promises";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { MediaFacts } from "@sworn/contract";
import type { Log } from "../../ports/log.ts";
import { type Media, MediaError } from "../../ports/media.ts";
import { type Box, type BoxKind, type BoxLimits, possibleBoxes } from "./box.ts";
import { captionCodecs, decoders } from "./codec-lists.ts";
import { findTool } from "./find-tool.ts";
import { readFacts, wantedEntries } from "./read-facts.ts";
import { runBoxed } from "./run-boxed.ts";
import { clipOutput, cutInput, progressOf, stillOutput } from "./renders.ts";
import { readTiles, soundOutput, storyboardOutput } from "./strips.ts";
import { type Container, sniffContainer, SNIFF_LENGTH } from "./sniff-container.ts";

export interface FfmpegOptions {
  readonly log: Log;
  /** `required` refuses to open anything where no network-less box can be made; `best-effort` goes on with limits. */
  readonly mediaSandbox: "required" | "best-effort";
  /** The data home and whatever else no decoder may see. */
  readonly hide: readonly string[];
  /** Whom a root server becomes for decoding. Default nobody (65534): it must own nothing, least of all the database. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
  readonly limits?: Partial<BoxLimits>;
  readonly probeTimeoutMs?: number;
  readonly posterTimeoutMs?: number;
  readonly stripTimeoutMs?: number;
  readonly clipTimeoutMs?: number;
  /** Other programs in place of the system's, for tests. */
  readonly ffmpeg?: string;
  readonly ffprobe?: string;
  /** Put before the whole command line, for tests that watch its system calls. */
  readonly watch?: readonly string[];
}

/** The user that decodes for a root server, so that scratch folders can be given to it; null: ourselves. */
export function mediaUser(runAs = { uid: 65534, gid: 65534 }): { uid: number; gid: number } | null {
  return process.getuid?.() === 0 ? runAs : null;
}

const MAX_PROBE_OUTPUT = 4 * 1024 * 1024;
const MAX_POSTER = 8 * 1024 * 1024;
const MAX_STORYBOARD = 16 * 1024 * 1024;
// A file may say that its sound begins in a year, and silence until then is decoded, too.
const MAX_SOUND_SECONDS = 26 * 3600;
/** More than anybody reads beside a picture. */
const MAX_CAPTIONS = 1024 * 1024;
const MAX_STILL = 128 * 1024 * 1024;
/** Of one clip. */
const MAX_CLIP = 2 * 1024 * 1024 * 1024;
const CLIP_SECONDS = 3600;
const MAX_PIXELS = 8192 * 8192;

/** ffprobe and ffmpeg behind the Media port, each run in a box of its own. */
export function openFfmpeg(
  options: FfmpegOptions,
): Media & { describe(): Promise<{ tool: string; version: string; box: BoxKind }> } {
  let found: Promise<Found> | undefined;
  const ready = async (): Promise<Found> => {
    found ??= findBox(options);
    // What was missing may be installed meanwhile: a failure is not remembered.
    found.catch(() => (found = undefined));
    return await found;
  };
  const run = async (
    binary: string,
    args: readonly string[],
    source: string,
    limits: {
      timeoutMs: number;
      maxOutput: number;
      take?: (chunk: Buffer) => void;
      line?: (line: string) => boolean;
      patient?: boolean;
    },
    signal?: AbortSignal,
  ): Promise<Buffer> => {
    const { box, patientBox } = await ready();
    const chosen = limits.patient === true ? patientBox : box;
    const commandLine = [...(options.watch ?? []), ...chosen.wrap([binary, ...args])];
    return (await runBoxed(commandLine, { cwd: dirname(source), ...limits, signal })).stdout;
  };
  const probe = async (
    source: string,
    signal?: AbortSignal,
  ): Promise<{ facts: MediaFacts; picture: number | null; container: Container }> => {
    const container = await sniff(source);
    const { ffprobe } = await ready();
    const args = [
      "-hide_banner",
      "-v",
      "error",
      "-of",
      "json",
      "-show_entries",
      wantedEntries,
      ...inputOptions(container),
    ];
    const limits = { timeoutMs: options.probeTimeoutMs ?? 30_000, maxOutput: MAX_PROBE_OUTPUT };
    const json = await run(ffprobe, [...args, "-i", name(source)], source, limits, signal);
    return { ...readFacts(json.toString("utf8"), container.name), container };
  };

  return {
    async describe() {
      const { box, version } = await ready();
      return { tool: "ffmpeg", version, box: box.kind };
    },
    async probe(source, signal) {
      return (await probe(source, signal)).facts;
    },
    async poster(source, { atMs, width }, signal) {
      const { container, picture } = await probe(source, signal);
      if (picture === null) throw new MediaError("codec-refused", "There is no picture in this file.");
      const { ffmpeg } = await ready();
      const limits = { timeoutMs: options.posterTimeoutMs ?? 60_000, maxOutput: MAX_POSTER };
      const scale = `scale=w='min(${Math.trunc(width)},iw)':h=-2:flags=area`;
      const shot = async (seconds: number): Promise<Buffer> => {
        const input = ["-ss", seconds.toFixed(3), ...inputOptions(container), "-i", name(source)];
        const pick = ["-map", `0:${picture}`, "-frames:v", "1", "-vf", scale, "-threads", "2"];
        const output = ["-c:v", "mjpeg", "-q:v", "4", "-map_metadata", "-1", "-f", "image2pipe", "pipe:1"];
        return await run(
          ffmpeg,
          ["-hide_banner", "-nostdin", "-v", "error", ...input, ...pick, ...output],
          source,
          limits,
          signal,
        );
      };
      let jpeg = await shot(Math.max(0, atMs) / 1000);
      // Past the last frame ffmpeg succeeds with nothing.
      if (jpeg.length === 0 && atMs > 0) jpeg = await shot(0);
      if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new MediaError("unreadable", "No picture could be decoded.");
      return new Uint8Array(jpeg);
    },
    async storyboard(source, layout, signal) {
      const container = await sniff(source);
      const { ffmpeg } = await ready();
      const limits = { timeoutMs: options.stripTimeoutMs ?? 180_000, maxOutput: MAX_STORYBOARD };
      const input = [...inputOptions(container), "-i", name(source)];
      const args = ["-hide_banner", "-nostdin", "-v", "error", ...input, ...storyboardOutput(layout)];
      return readTiles(await run(ffmpeg, args, source, limits, signal), layout);
    },
    async sound(source, rate, take, signal) {
      const container = await sniff(source);
      const { ffmpeg } = await ready();
      const maxOutput = MAX_SOUND_SECONDS * rate * 2;
      const limits = { timeoutMs: options.stripTimeoutMs ?? 180_000, maxOutput, take };
      const input = [...inputOptions(container), "-i", name(source)];
      await run(
        ffmpeg,
        ["-hide_banner", "-nostdin", "-v", "error", ...input, ...soundOutput(rate)],
        source,
        limits,
        signal,
      );
    },
    async captions(source, signal) {
      const container = await sniff(source);
      const { ffmpeg, ffprobe } = await ready();
      const limits = { timeoutMs: options.probeTimeoutMs ?? 30_000, maxOutput: MAX_CAPTIONS };
      const looked = ["-hide_banner", "-v", "error", "-of", "csv=p=0", "-select_streams", "s"];
      const asked = [...looked, "-show_entries", "stream=codec_name", ...inputOptions(container)];
      const found = await run(ffprobe, [...asked, "-i", name(source)], source, limits, signal);
      const [codec] = found
        .toString("utf8")
        .trim()
        .split(/[\r\n,]/);
      if (codec === undefined || !captionCodecs.has(codec)) return null;
      const input = [...inputOptions(container), "-i", name(source)];
      const output = ["-map", "0:s:0", "-c:s", "webvtt", "-map_metadata", "-1", "-f", "webvtt", "pipe:1"];
      const args = ["-hide_banner", "-nostdin", "-v", "error", ...input, ...output];
      return (await run(ffmpeg, args, source, limits, signal)).toString("utf8");
    },
    async still(cut, { atMs, format, width }, signal) {
      const container = await sniff(cut.path);
      const { ffmpeg } = await ready();
      const limits = { timeoutMs: options.posterTimeoutMs ?? 60_000, maxOutput: MAX_STILL };
      const input = [...cutInput(cut), ...inputOptions(container), "-i", name(cut.path)];
      const args = ["-hide_banner", "-nostdin", "-v", "error", ...input, ...stillOutput(atMs, format, width)];
      const picture = await run(ffmpeg, args, cut.path, limits, signal);
      if (picture.length === 0) throw new MediaError("unreadable", "No picture could be decoded at this moment.");
      return new Uint8Array(picture);
    },
    async clip(cut, { fromMs, toMs }, { take, progress }, signal) {
      const container = await sniff(cut.path);
      const { ffmpeg } = await ready();
      const line = (text: string): boolean => {
        const done = progressOf(text);
        if (done !== null) progress(done);
        // What it says of its progress is `name=value`; a complaint is a sentence.
        return /^[a-z0-9_]+=\S*\s*$/.test(text);
      };
      const timeoutMs = options.clipTimeoutMs ?? CLIP_SECONDS * 1000;
      const limits = { timeoutMs, maxOutput: MAX_CLIP, take, line, patient: true };
      const input = [...cutInput(cut), ...inputOptions(container), "-i", name(cut.path)];
      const args = ["-hide_banner", "-nostdin", "-v", "error", ...input, ...clipOutput(fromMs, toMs)];
      await run(ffmpeg, args, cut.path, limits, signal);
    },
  };
}

/** Everything that narrows what a hostile file can make the decoder do. No text of a user is in here. */
export function inputOptions(container: Container): string[] {
  const allowed = ["-protocol_whitelist", "file,pipe", "-format_whitelist", container.formats];
  const decoding = ["-codec_whitelist", decoders, "-max_pixels", String(MAX_PIXELS), "-threads", "2"];
  const references = ["-enable_drefs", "0", "-use_absolute_path", "0"];
  const looking = ["-probesize", "16M", "-analyzeduration", "5M"];
  return [...allowed, ...decoding, ...references, ...looking, "-f", container.demuxer];
}

/** Relative, with `./`: the box covers absolute paths, and a name must never be read as an option or a protocol. */
function name(source: string): string {
  const file = basename(source);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(file)) throw new Error("scratch names are made by us");
  return `./${file}`;
}

async function sniff(source: string): Promise<Container> {
  const file = await open(source);
  try {
    const head = new Uint8Array(SNIFF_LENGTH);
    const { bytesRead } = await file.read(head, 0, SNIFF_LENGTH, 0);
    const container = sniffContainer(head.subarray(0, bytesRead));
    if (container !== null) return container;
    throw new MediaError(
      "format-refused",
      "This is no MP4 or MOV, whatever its name says. It is kept, and not opened.",
    );
  } finally {
    await file.close();
  }
}

interface Found {
  readonly box: Box;
  /** The same, with processor time for encoding. */
  readonly patientBox: Box;
  readonly version: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** Tries the strongest box first by asking ffmpeg for its version inside it. */
async function findBox(options: FfmpegOptions): Promise<Found> {
  const [ffmpeg, ffprobe] = [options.ffmpeg ?? findTool("ffmpeg"), options.ffprobe ?? findTool("ffprobe")];
  if (ffmpeg === null || ffprobe === null || !existsSync(ffmpeg) || !existsSync(ffprobe))
    throw new MediaError("sandbox-unavailable", "ffmpeg and ffprobe are not installed on this machine.");
  const limits = { memoryBytes: 2 * 1024 ** 3, cpuSeconds: 120, openFiles: 64, processes: 1024, ...options.limits };
  const programs = [ffmpeg, ffprobe].map((file) => realpathSync(file));
  const boxes = possibleBoxes({ hide: options.hide, runAs: mediaUser(options.runAs), limits }, programs);
  const patient = possibleBoxes(
    { hide: options.hide, runAs: mediaUser(options.runAs), limits: { ...limits, cpuSeconds: CLIP_SECONDS } },
    programs,
  );
  let why = "setpriv and prlimit (util-linux) are not installed";
  for (const box of boxes) {
    if (box.kind === "limits" && options.mediaSandbox === "required") continue;
    try {
      const { stdout } = await runBoxed(box.wrap([ffmpeg, "-version"]), {
        cwd: "/",
        timeoutMs: 10_000,
        maxOutput: 65_536,
      });
      const version = /^ffmpeg version (\S+)/.exec(stdout.toString("utf8"))?.[1] ?? "unknown";
      const weak = box.kind === "limits";
      options.log[weak ? "warn" : "info"](
        { box: box.kind, version },
        weak ? "media is decoded with its network open" : "the media box works",
      );
      const patientBox = patient.find(({ kind }) => kind === box.kind) ?? box;
      return { box, patientBox, version, ffmpeg, ffprobe };
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
  }
  throw new MediaError(
    "sandbox-unavailable",
    `No box without network can be made here (${why}), so no footage is decoded. Allow user namespaces or install bubblewrap, or set mediaSandbox to best-effort.`,
  );
}

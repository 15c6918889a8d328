import type { CutInput } from "../../ports/media.ts";

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

/** Before the input: times stay the file's own, so that a range means the same in every copy. */
export function cutInput({ seekMs, fragmented }: CutInput): string[] {
  const seek = seekMs === null ? [] : ["-noaccurate_seek", "-ss", seconds(seekMs + 1)];
  return ["-copyts", ...seek, ...(fragmented ? ["-ignore_editlist", "1"] : [])];
}

/** One picture, exactly the one that stands there: half a millisecond is less than any two frames are apart. */
export function stillOutput(atMs: number, format: "png" | "jpeg", width: number | null): string[] {
  const scale = width === null ? "" : `,scale=w='min(${Math.trunc(width)},iw)':h=-2:flags=area`;
  const code = format === "png" ? ["-c:v", "png"] : ["-c:v", "mjpeg", "-q:v", "4"];
  const filter = `trim=start=${seconds(atMs - 0.5)}${scale}`;
  return [
    "-map",
    "0:v:0",
    "-vf",
    filter,
    "-frames:v",
    "1",
    "-threads",
    "2",
    ...code,
    ...plain,
    "-f",
    "image2pipe",
    "pipe:1",
  ];
}

const plain = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"];

/**
 * Every picture and every sample of sound is encoded anew, so that nothing from outside the range lies in the file.
 * Fragments, because the box lets nothing be written but a pipe.
 */
export function clipOutput(fromMs: number, toMs: number): string[] {
  const [from, to] = [seconds(fromMs - 0.5), seconds(toMs - 0.5)];
  const zero = seconds(fromMs);
  const picture = `trim=start=${from}:end=${to},setpts=PTS-${zero}/TB,pad=ceil(iw/2)*2:ceil(ih/2)*2`;
  const sound = `atrim=start=${from}:end=${to},asetpts=PTS-${zero}/TB,aresample=async=1:first_pts=0`;
  // No picture that refers to a later one: without an edit list, sound would run ahead of the picture.
  const video = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-g", "50", "-bf", "0"];
  const pace = ["-fps_mode", "passthrough", "-threads", "2", "-filter_threads", "2"];
  const audio = ["-c:a", "aac", "-b:a", "160k", "-ac", "2"];
  const form = ["-movflags", "frag_keyframe+empty_moov+default_base_moof+skip_trailer", "-f", "mp4"];
  const maps = ["-map", "0:v:0", "-map", "0:a:0?", "-vf", picture, "-af", sound];
  const said = ["-progress", "pipe:2", "-stats_period", "0.5", "-nostats"];
  return [...maps, ...video, ...pace, ...audio, ...plain, ...said, ...form, "pipe:1"];
}

/** How far the encoder is, of what it says of itself on its error channel; null for any other line. */
export function progressOf(line: string): number | null {
  const text = /^out_time_us=(\d{1,15})$/.exec(line)?.[1];
  return text === undefined ? null : Number(text) / 1000;
}

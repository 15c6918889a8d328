export type { BoxKind, BoxLimits } from "./box.ts";
export { type FfmpegOptions, mediaUser, openFfmpeg } from "./open-ffmpeg.ts";

// What cameras and phones write. Everything else is a parser of hostile bytes that nobody needs.
const pcm = ["s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "u8", "s8", "alaw", "mulaw"].map(
  (kind) => `pcm_${kind}`,
);
export const videoCodecs: ReadonlySet<string> = new Set(["h264", "hevc", "mjpeg", "mpeg4", "av1", "vp9"]);
export const audioCodecs: ReadonlySet<string> = new Set(["aac", "mp3", "opus", ...pcm]);

/** What MP4 and MOV hold captions in. Allowed in every run: a tool that meets a stream it may not open refuses the file. */
export const captionCodecs: ReadonlySet<string> = new Set(["mov_text", "webvtt"]);

/** Decoders for `-codec_whitelist`: exact names, no patterns; AV1 and Opus come as libraries on some systems. */
export const decoders: string = [
  ...videoCodecs,
  ...audioCodecs,
  ...captionCodecs,
  "mp3float",
  "libdav1d",
  "libopus",
].join(",");

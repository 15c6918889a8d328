import type { MediaFacts } from "@sworn/contract";
import { z } from "zod";
import { MediaError } from "../../ports/media.ts";
import { audioCodecs, videoCodecs } from "./codec-lists.ts";

const Tags = z.record(z.string(), z.string()).default({});
const Stream = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  avg_frame_rate: z.string().optional(),
  sample_rate: z.string().optional(),
  channels: z.int().optional(),
  disposition: z.object({ attached_pic: z.int().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
  tags: Tags,
});
const Answer = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({ duration: z.string().optional(), tags: Tags }).default({ tags: {} }),
});
type Stream = z.infer<typeof Stream>;

/** The entries that `readFacts` needs, for ffprobe's -show_entries. */
export const wantedEntries =
  "format=duration:format_tags:stream=index,codec_type,codec_name,width,height,avg_frame_rate,sample_rate,channels:" +
  "stream_disposition=attached_pic:stream_tags=rotate:stream_side_data=rotation";

/** ffprobe's JSON as facts, and which stream holds the picture. Throws `unreadable`, `codec-refused`. */
export function readFacts(json: string, container: string): { facts: MediaFacts; picture: number | null } {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new MediaError("unreadable", "The decoder's answer is not JSON.", cause);
  }
  const parsed = Answer.safeParse(raw);
  if (!parsed.success)
    throw new MediaError("unreadable", "The decoder's answer is not in its usual form.", parsed.error);
  const { streams, format } = parsed.data;
  const videos = streams.filter((stream) => stream.codec_type === "video" && stream.disposition?.attached_pic !== 1);
  const audios = streams.filter((stream) => stream.codec_type === "audio");
  if (videos.length + audios.length === 0)
    throw new MediaError("unreadable", "The file holds neither picture nor sound.");
  const video = videos.find((stream) => videoCodecs.has(stream.codec_name ?? ""));
  const audio = audios.find((stream) => audioCodecs.has(stream.codec_name ?? ""));
  if (video === undefined && (videos.length > 0 || audio === undefined)) {
    const names = [...videos, ...audios].map((stream) => stream.codec_name ?? "unknown").join(", ");
    throw new MediaError("codec-refused", `Encoded as ${names}, which is not opened. The original is kept as it is.`);
  }
  const seconds = Number(format.duration);
  return {
    picture: video?.index ?? null,
    facts: {
      container,
      durationMs: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null,
      video: video === undefined ? null : describeVideo(video),
      audio:
        audio === undefined
          ? null
          : {
              codec: audio.codec_name ?? "",
              channels: audio.channels ?? 0,
              sampleRate: Number(audio.sample_rate) || 0,
            },
      createdAt: readInstant(format.tags["creation_time"]),
      device: readDevice(format.tags),
    },
  };
}

function describeVideo(stream: Stream): NonNullable<MediaFacts["video"]> {
  const [over = 0, under = 0] = (stream.avg_frame_rate ?? "").split("/").map(Number);
  // ffprobe turns counter-clockwise; ours is clockwise, as players and phones say it.
  const counter = stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  return {
    codec: stream.codec_name ?? "",
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    frameRate: over > 0 && under > 0 ? Math.round((over / under) * 1000) / 1000 : null,
    rotation: ((Math.round(-counter) % 360) + 360) % 360,
  };
}

function readInstant(text: string | undefined): string | null {
  const at = new Date(text ?? "");
  // QuickTime's zero (1904) and its cousins mean that nobody set a clock; after 9999 no reader of ours knows the form.
  return Number.isNaN(at.getTime()) || at.getTime() <= 0 || at.getUTCFullYear() > 9999 ? null : at.toISOString();
}

function readDevice(tags: Record<string, string>): string | null {
  const pick = (...names: string[]): string =>
    names.map((name) => tags[name]).find((value) => value !== undefined) ?? "";
  const make = pick("com.apple.quicktime.make", "com.android.manufacturer", "make");
  const model = pick("com.apple.quicktime.model", "com.android.model", "model");
  // Action cameras name only their firmware; said as what it is.
  const firmware = make + model === "" ? pick("firmware").replace(/^(?=.)/s, "firmware ") : "";
  const text = [make, model, firmware]
    .join(" ")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return text === "" ? null : text.slice(0, 100);
}

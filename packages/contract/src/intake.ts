import { z } from "zod";
import { Id, Instant, MediaState, Sha256Hex, TimeSource } from "./evidence.ts";

export const UploadStatus = z.object({
  id: Id,
  state: z.enum(["receiving", "sealing", "stored", "refused", "incomplete", "cancelled"]),
  name: z.string(),
  length: z.int(),
  received: z.int(),
  /** Bytes read back and matched so far while sealing. */
  checked: z.int(),
  evidenceId: Id.nullable(),
  /** True when the same bytes were already here and this became a second intake entry. */
  alreadyHeld: z.boolean(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  /**
   * What became of reading the stored file's format; null before it is stored. Its sender is told even where the item
   * itself is not theirs to see (a camera's key): whether their own copy may go depends on it.
   */
  media: z.object({ state: MediaState, code: z.string().nullable(), detail: z.string().nullable() }).nullable(),
  expiresAt: Instant.nullable(),
});
export type UploadStatus = z.infer<typeof UploadStatus>;

export const OpenRecording = z.object({
  /** Chosen by the camera so that a retried open is the same recording. */
  id: Id,
  reason: z.enum(["button", "trigger", "schedule", "continuous"]).default("button"),
  title: z.string().max(200).optional(),
  clock: z.object({ utc: Instant, source: TimeSource, uncertaintyMs: z.int().min(0).max(2_147_483_647).nullable() }),
  camera: z.object({ model: z.string().max(100), software: z.string().max(100) }).optional(),
});
export type OpenRecording = z.infer<typeof OpenRecording>;

export const CloseRecording = z.object({
  reason: z.enum(["button", "battery", "storage", "source-ended", "crash-recovered", "shutdown"]).default("button"),
  /** How many fragments each take has, so that a missing tail is seen. */
  takes: z.array(z.object({ take: z.int().min(0).max(9999), fragments: z.int().min(0).max(10_000_001) })).max(10_000),
});
export type CloseRecording = z.infer<typeof CloseRecording>;

/** What a camera asks before it deletes: it may remove only what is below `stored`. */
export const RecordingStatus = z.object({
  id: Id,
  deviceId: Id,
  state: z.enum(["live", "sealing", "closed", "interrupted"]),
  startedAt: Instant,
  takes: z.array(
    z.object({
      take: z.int(),
      state: z.enum(["open", "sealing", "stored", "interrupted"]),
      init: z.boolean(),
      /** Fragments 0..received-1 are received without a hole. */
      received: z.int(),
      /** Fragments 0..stored-1 are stored. */
      stored: z.int(),
      size: z.int(),
      sha256: Sha256Hex.nullable(),
    }),
  ),
});
export type RecordingStatus = z.infer<typeof RecordingStatus>;
export const RecordingList = z.object({ items: z.array(RecordingStatus) });

export const FragmentReceipt = z.object({
  state: z.enum(["received", "stored"]),
  n: z.int(),
  sha256: Sha256Hex,
});
export type FragmentReceipt = z.infer<typeof FragmentReceipt>;

/** One position as a camera sends it; `offsetMs` from the start of the take. Absent means the source did not say. */
export const Fix = z.object({
  offsetMs: z.int().nonnegative(),
  at: Instant.nullable(),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  alt: z.number().nullable(),
  speed: z.number().nonnegative().nullable(),
  course: z.number().min(0).max(360).nullable(),
  accuracy: z.number().nonnegative().nullable(),
  satellites: z.int().nullable(),
  constellations: z.array(z.enum(["GPS", "GLONASS", "Galileo", "BeiDou", "QZSS", "NavIC", "SBAS"])),
  method: z.enum(["gnss", "network", "dead-reckoning", "unknown"]),
});
export type Fix = z.infer<typeof Fix>;
export const TrackPush = z.object({
  source: z.enum(["gpmf", "nmea", "gpsd", "camera", "browser"]),
  /** Position of the first fix in the take's list; makes a repeated push idempotent. */
  from: z.int().nonnegative(),
  fixes: z.array(Fix).max(5000),
});
export type TrackPush = z.infer<typeof TrackPush>;
export const UploadList = z.object({ items: z.array(UploadStatus) });
export type UploadList = z.infer<typeof UploadList>;

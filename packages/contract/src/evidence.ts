import { z } from "zod";

export const Id = z.uuid();
/** Lower-case hex SHA-256. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
/** RFC 3339, UTC, milliseconds: 2026-11-20T21:03:58.120Z */
export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);

export const EvidenceKind = z.enum(["video", "audio", "photo", "document"]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;
export const EvidenceState = z.enum(["live", "sealing", "stored", "incomplete", "disposed"]);
export type EvidenceState = z.infer<typeof EvidenceState>;

/** Where a time comes from. A browser or file clock is worth less than GNSS, and the screen says so. */
export const TimeSource = z.enum(["gnss", "ntp", "camera-clock", "file", "server", "unknown"]);
export type TimeSource = z.infer<typeof TimeSource>;

/** pending: not tried yet · ready · failed: crashed or hung, may be retried · refused: not a format that is opened. */
export const MediaState = z.enum(["pending", "running", "ready", "failed", "refused"]);
export type MediaState = z.infer<typeof MediaState>;

export const MediaFacts = z.object({
  container: z.string(),
  durationMs: z.int().nonnegative().nullable(),
  video: z
    .object({ codec: z.string(), width: z.int(), height: z.int(), frameRate: z.number().nullable(), rotation: z.int() })
    .nullable(),
  audio: z.object({ codec: z.string(), channels: z.int(), sampleRate: z.int() }).nullable(),
  /** What the file itself claims; shown as a claim. */
  createdAt: Instant.nullable(),
  device: z.string().nullable(),
});
export type MediaFacts = z.infer<typeof MediaFacts>;

export const Take = z.object({
  take: z.int().nonnegative(),
  state: z.enum(["open", "sealing", "stored", "interrupted"]),
  sha256: Sha256Hex.nullable(),
  chunkRoot: Sha256Hex.nullable(),
  fragmentRoot: Sha256Hex.nullable(),
  fragments: z.int().nullable(),
  size: z.int().nonnegative(),
  startedAt: Instant.nullable(),
  durationMs: z.int().nullable(),
});
export type Take = z.infer<typeof Take>;

export const Evidence = z.object({
  id: Id,
  title: z.string(),
  kind: EvidenceKind,
  state: EvidenceState,
  /** Flat SHA-256; null when there are several takes (each has its own) or it is not stored yet. */
  sha256: Sha256Hex.nullable(),
  chunkRoot: Sha256Hex.nullable(),
  size: z.int().nonnegative(),
  recordedAt: Instant.nullable(),
  timeSource: TimeSource,
  timeUncertaintyMs: z.int().nullable(),
  /** By how much people corrected recordedAt; 0: it is as its source says. */
  timeOffsetMs: z.int(),
  receivedAt: Instant,
  storedAt: Instant.nullable(),
  sourceName: z.string().nullable(),
  /** Whether the camera signed what it sent. Unsigned sources stay labelled so for ever. */
  signedAtSource: z.boolean(),
  device: z.object({ id: Id, name: z.string() }).nullable(),
  person: z.object({ id: Id, name: z.string() }).nullable(),
  media: z.object({
    state: MediaState,
    code: z.string().nullable(),
    detail: z.string().nullable(),
    facts: MediaFacts.nullable(),
  }),
  unit: z.object({ id: Id, name: z.string() }).nullable(),
  categories: z.array(z.object({ id: Id, name: z.string() })),
  restricted: z.object({ id: Id, name: z.string() }).nullable(),
  held: z.boolean(),
  /** Last day of keeping by its categories, in the agency's zone; null: without end, or not decided yet. */
  keepUntil: z.iso.date().nullable(),
  /** Whether it waits for the asker's statement: its picture is not for them yet. */
  locked: z.boolean(),
  hasPoster: z.boolean(),
  hasTrack: z.boolean(),
  /** The newest captions of it; null: none, or not theirs to read yet. */
  captionsId: Id.nullable(),
  takes: z.array(Take),
});
export type Evidence = z.infer<typeof Evidence>;

export const EvidenceList = z.object({ items: z.array(Evidence), next: z.string().nullable() });
export type EvidenceList = z.infer<typeof EvidenceList>;

/** What a player shows under its time line, of one part. Either is null where it was not made (yet), or could not be. */
export const EvidenceStrips = z.object({
  storyboard: z
    .object({
      /** One JPEG with all tiles, row by row, `columns` in each. Asking for it is logged as a preview. */
      url: z.string(),
      /** px */
      tileWidth: z.int().positive(),
      tileHeight: z.int().positive(),
      columns: z.int().positive(),
      /** When each tile stands in the recording, in ms. */
      tiles: z.array(z.int().nonnegative()),
    })
    .nullable(),
  waveform: z
    .object({
      stepMs: z.int().positive(),
      /** One byte per step, the largest swing in it (0 silent, 255 full), in base64. */
      peaks: z.base64(),
    })
    .nullable(),
});
export type EvidenceStrips = z.infer<typeof EvidenceStrips>;

/** Over the newest items of a filter; `capped` where there are more than were added up. */
export const EvidenceTotals = z.object({
  items: z.int(),
  durationMs: z.int(),
  size: z.int(),
  capped: z.boolean(),
});

/** One fix per point; arrays run in step with the LineString's coordinates (lon, lat, altitude m). */
export const TrackFeature = z.object({
  type: z.literal("Feature"),
  geometry: z.object({ type: z.literal("LineString"), coordinates: z.array(z.array(z.number()).min(2).max(3)) }),
  properties: z.object({
    take: z.int(),
    source: z.enum(["gpmf", "nmea", "gpsd", "camera", "browser"]),
    /** Wall-clock time of each fix as the source gives it, or null. */
    times: z.array(Instant.nullable()),
    /** Milliseconds from the start of the take's picture. */
    offsetsMs: z.array(z.int()),
    /** m/s */
    speeds: z.array(z.number().nullable()),
    /** degrees true */
    courses: z.array(z.number().nullable()),
    /** metres, 1 sigma or as the source states */
    accuracies: z.array(z.number().nullable()),
    satellites: z.array(z.int().nullable()),
    constellations: z.array(z.string()),
    method: z.string(),
    sha256: Sha256Hex,
  }),
});
export type TrackFeature = z.infer<typeof TrackFeature>;

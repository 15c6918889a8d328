import { Fmp4Error } from "./fmp4-error.ts";
import { type Box, BoxReader, readBoxes } from "./read-boxes.ts";

const VIDEO_ENTRY_FIELDS = 78;
const AUDIO_ENTRY_FIELDS = 28;
const ENCRYPTED = new Set(["encv", "enca", "encm", "enct"]);

/** Codec of the track's only sample description; an encrypted one is refused: nobody here could ever open it. */
export function describeCodec(
  bytes: Uint8Array,
  stsd: Box,
  kind: "video" | "audio" | "other",
): { codec: string; width: number; height: number } {
  const reader = new BoxReader(bytes, stsd);
  reader.full();
  const entries = readBoxes(bytes, reader.skip(4).at, stsd.end);
  const [entry, another] = entries;
  if (entry === undefined) throw new Fmp4Error("box-missing", "a track has no sample description");
  if (another !== undefined) throw new Fmp4Error("box-repeated", "a track has several sample descriptions");
  if (ENCRYPTED.has(entry.type)) throw new Fmp4Error("codec-refused", "the track is encrypted by its sender");
  if (kind === "other") return { codec: entry.type, width: 0, height: 0 };

  const fields = new BoxReader(bytes, entry);
  if (kind === "audio") {
    const version = fields.skip(8).u16();
    if (version !== 0) return { codec: entry.type.toLowerCase(), width: 0, height: 0 }; // QuickTime's longer entries
    return { codec: audioCodec(bytes, entry), width: 0, height: 0 };
  }
  const width = fields.skip(24).u16();
  const height = fields.u16();
  return { codec: videoCodec(bytes, entry), width, height };
}

function videoCodec(bytes: Uint8Array, entry: Box): string {
  if (entry.end - entry.body < VIDEO_ENTRY_FIELDS) throw new Fmp4Error("box-truncated", `${entry.type} is too short`);
  if (entry.type !== "avc1" && entry.type !== "avc3") return entry.type;
  const avcc = readBoxes(bytes, entry.body + VIDEO_ENTRY_FIELDS, entry.end).find((box) => box.type === "avcC");
  if (avcc === undefined) throw new Fmp4Error("box-missing", `${entry.type} has no avcC`);
  const record = new BoxReader(bytes, avcc).skip(1);
  return `${entry.type}.${[record.u8(), record.u8(), record.u8()].map(hexByte).join("")}`;
}

function audioCodec(bytes: Uint8Array, entry: Box): string {
  if (entry.end - entry.body < AUDIO_ENTRY_FIELDS) throw new Fmp4Error("box-truncated", `${entry.type} is too short`);
  if (entry.type !== "mp4a") return entry.type.toLowerCase();
  const esds = readBoxes(bytes, entry.body + AUDIO_ENTRY_FIELDS, entry.end).find((box) => box.type === "esds");
  if (esds === undefined) return "mp4a";
  return `mp4a.${readObjectType(new BoxReader(bytes, esds))}`;
}

/** MPEG-4 descriptors (ISO/IEC 14496-1): object type and, for AAC, the audio object type; `40.2` is AAC-LC. */
function readObjectType(reader: BoxReader): string {
  reader.full();
  descriptor(reader, 3);
  reader.skip(2);
  const flags = reader.u8();
  if ((flags & 0x80) !== 0) reader.skip(2);
  if ((flags & 0x40) !== 0) reader.skip(reader.u8());
  if ((flags & 0x20) !== 0) reader.skip(2);
  descriptor(reader, 4);
  const object = reader.u8();
  if (object !== 0x40) return hexByte(object);
  reader.skip(12);
  descriptor(reader, 5);
  return `40.${reader.u8() >> 3}`;
}

function descriptor(reader: BoxReader, tag: number): void {
  if (reader.u8() !== tag) throw new Fmp4Error("box-missing", `esds holds no descriptor ${tag}`);
  for (let i = 0; i < 4 && (reader.u8() & 0x80) !== 0; i++);
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, "0");

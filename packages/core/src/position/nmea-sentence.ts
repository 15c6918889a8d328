/** Why a line of an NMEA stream was left out. Closed. */
export type NmeaRefusal =
  | "not-nmea" // no `$` in front, or characters that no sentence has
  | "too-long"
  | "checksum-missing"
  | "checksum-wrong"
  | "proprietary" // $P…: no standard says what is in it
  | "talker-unknown"
  | "sentence-unknown" // a standard sentence that holds no position we read
  | "field-malformed"
  | "out-of-range"
  | "time-back";

export interface NmeaSentence {
  readonly talker: string;
  readonly type: string;
  readonly fields: readonly string[];
}

// NMEA 0183 4.11 satellite talkers, with the BD that came before GB, and GN for several at once. GI is NavIC.
const talkers = new Set(["GP", "GL", "GA", "GB", "BD", "GQ", "QZ", "GI", "GN"]);
export const sentenceTypes = ["RMC", "GGA", "GSA", "GSV", "GST", "VTG", "ZDA"] as const;
export type SentenceType = (typeof sentenceTypes)[number];
// 82 by the standard; some receivers write longer GSA and GSV lines.
const MAX_LENGTH = 160;

/** Splits one line (without its line end) into talker, type and fields; the checksum must be there and hold. */
export function parseSentence(line: string): NmeaSentence | NmeaRefusal {
  const text = line.trim();
  if (text.length > MAX_LENGTH) return "too-long";
  if (!/^\$[\x21-\x7e ]*$/.test(text)) return "not-nmea";
  const star = text.lastIndexOf("*");
  if (star === -1) return "checksum-missing";
  const declared = text.slice(star + 1);
  if (!/^[0-9A-Fa-f]{2}$/.test(declared)) return "checksum-wrong";
  let sum = 0;
  for (let i = 1; i < star; i++) sum ^= text.charCodeAt(i);
  if (sum !== Number.parseInt(declared, 16)) return "checksum-wrong";
  const [address = "", ...fields] = text.slice(1, star).split(",");
  if (address.startsWith("P")) return "proprietary";
  if (!/^[A-Z]{5}$/.test(address)) return "not-nmea";
  if (!talkers.has(address.slice(0, 2))) return "talker-unknown";
  const type = address.slice(2);
  if (!(sentenceTypes as readonly string[]).includes(type)) return "sentence-unknown";
  return { talker: address.slice(0, 2), type, fields };
}

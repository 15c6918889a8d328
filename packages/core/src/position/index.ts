export type { GpmfRefusal } from "./gpmf-klv.ts";
export type { NmeaRefusal } from "./nmea-sentence.ts";
export type { Constellation, PositionFix, PositionMethod, Refusals } from "./position-fix.ts";
export { type GpmfPayload, type GpmfTrack, readGpmf } from "./read-gpmf.ts";
export { createNmeaReader, type NmeaReader, type NmeaTrack, readNmea } from "./read-nmea.ts";
